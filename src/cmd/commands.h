/* commands.h - one function per subcommand; argv[0] is the subcommand's name. Returns the exit code:
 * 0 done, 1 refused or failed (one line on stderr), 2 wrong usage. */
#ifndef KITH_CMD_COMMANDS_H
#define KITH_CMD_COMMANDS_H

int cmd_audit(int argc, char **argv);
int cmd_hash(int argc, char **argv);
int cmd_policy(int argc, char **argv);
int cmd_policy_test(int argc, char **argv);     /* argv[0] is the verb */
int cmd_policy_publish(int argc, char **argv);  /* argv[0] is the verb */
int cmd_policy_rollback(int argc, char **argv); /* argv[0] is the verb */
int cmd_policy_withdraw(int argc, char **argv); /* argv[0] is the verb */
int cmd_policy_raise(int argc, char **argv);    /* argv[0] is the verb */
int cmd_policy_rehearse(int argc, char **argv); /* argv[0] is the verb */
int cmd_restore(int argc, char **argv);
int cmd_screen(int argc, char **argv);
int cmd_serve(int argc, char **argv);
int cmd_train(int argc, char **argv);
int cmd_train_kinds(int argc, char **argv);
int cmd_views(int argc, char **argv);

#endif
