/* handlers.h - one function a route: reads the request into a noun, calls one verb, writes the reply. */
#ifndef KITH_API_HANDLERS_H
#define KITH_API_HANDLERS_H

#include "api/call.h"

/* api_account.c */
err api_account_own(struct call *c);
err api_account_erase(struct call *c);
err api_export_ask(struct call *c);
err api_export_look(struct call *c);
err api_export_fetch(struct call *c);
err api_import(struct call *c);
err api_account_update(struct call *c);
err api_account_take_off(struct call *c); /* the picture, or the cover */
err api_account_show(struct call *c);
err api_account_lookup(struct call *c);
err api_search_people(struct call *c);
err api_search_all(struct call *c);
err api_search_tag(struct call *c);
err api_account_followers(struct call *c);
err api_account_following(struct call *c);
err api_account_lists(struct call *c);

/* api_relation.c */
err api_relation_list(struct call *c);
err api_relation_follow(struct call *c);
err api_relation_unfollow(struct call *c); /* also remove_from_followers */
err api_relation_block(struct call *c);
err api_relation_unblock(struct call *c);
err api_relation_mute(struct call *c);
err api_relation_unmute(struct call *c);
err api_relation_hide_mine(struct call *c); /* POST and DELETE */
err api_relation_blocks(struct call *c);
err api_relation_mutes(struct call *c);
err api_relation_requests(struct call *c);
err api_relation_sent(struct call *c);
err api_relation_authorize(struct call *c);
err api_relation_reject(struct call *c);

/* api_streaming.c */
err api_streaming_socket(struct call *c);
err api_streaming_events(struct call *c);
err api_streaming_health(struct call *c);
err api_streaming_page(struct call *c);

/* api_media.c */
err api_media_create(struct call *c);
err api_media_show(struct call *c);
err api_media_update(struct call *c);
err api_media_delete(struct call *c);
err api_media_fetch(struct call *c); /* the bytes of one size */

/* api_status.c */
err api_status_create(struct call *c);
err api_status_show(struct call *c);
err api_status_context(struct call *c);
err api_status_favourited_by(struct call *c);
err api_status_reblogged_by(struct call *c);
err api_status_delete(struct call *c);
err api_status_favourite(struct call *c);
err api_status_unfavourite(struct call *c);
err api_status_reblog(struct call *c); /* also unreblog */
err api_status_mute(struct call *c);
err api_status_unmute(struct call *c);
err api_status_unkept(struct call *c); /* bookmark, pin and their ends */

/* api_change.c */
err api_status_source(struct call *c);
err api_status_history(struct call *c);
err api_status_change(struct call *c);

/* api_timeline.c */
err api_timeline_home(struct call *c);
err api_timeline_list(struct call *c);
err api_timeline_group(struct call *c);
err api_timeline_none(struct call *c); /* public, tag */
err api_timeline_favourites(struct call *c);
err api_account_statuses(struct call *c);

/* api_list.c */
err api_list_all(struct call *c);
err api_list_create(struct call *c);
err api_list_show(struct call *c);
err api_list_rename(struct call *c);
err api_list_delete(struct call *c);
err api_list_members(struct call *c);
err api_list_add(struct call *c);
err api_list_remove(struct call *c);

/* api_group.c */
err api_group_all(struct call *c);
err api_group_create(struct call *c);
err api_group_show(struct call *c);
err api_group_change(struct call *c);
err api_group_delete(struct call *c);
err api_group_members(struct call *c);
err api_group_invite(struct call *c);
err api_group_accept(struct call *c);
err api_group_leave(struct call *c); /* also declines */
err api_group_remove(struct call *c);
err api_group_hand_over(struct call *c);

/* api_notification.c */
err api_notification_list(struct call *c);
err api_notification_show(struct call *c);
err api_notification_clear(struct call *c);
err api_notification_dismiss(struct call *c);
err api_notification_unread(struct call *c);
err api_notification_markers(struct call *c);
err api_notification_set_markers(struct call *c);

/* api_preference.c */
err api_filter_all(struct call *c);
err api_filter_create(struct call *c);
err api_filter_show(struct call *c);
err api_filter_change(struct call *c);
err api_filter_delete(struct call *c);
err api_filter_words(struct call *c);
err api_filter_add_word(struct call *c);
err api_filter_show_word(struct call *c);
err api_filter_change_word(struct call *c);
err api_filter_delete_word(struct call *c);
err api_filter_old(struct call *c);
err api_filter_statuses(struct call *c);
err api_preference_show(struct call *c);
err api_preference_none(struct call *c);   /* bookmarks, conversations, scheduled_statuses, ... */
err api_preference_absent(struct call *c); /* polls, push subscriptions */
err api_preference_push(struct call *c);

/* api_instance.c */
err api_instance_v1(struct call *c);
err api_instance_v2(struct call *c);
err api_instance_rules(struct call *c);
err api_instance_none(struct call *c); /* custom_emojis */
err api_instance_nodeinfo_links(struct call *c);
err api_instance_nodeinfo(struct call *c);
err api_instance_healthz(struct call *c);
err api_instance_readyz(struct call *c);

/* api_oauth.c */
err api_oauth_app_create(struct call *c);
err api_oauth_app_show(struct call *c);
err api_oauth_authorize(struct call *c);
err api_oauth_sign_in(struct call *c);
err api_oauth_second(struct call *c);
err api_oauth_consent(struct call *c);
err api_oauth_token(struct call *c);
err api_oauth_revoke(struct call *c);
err api_oauth_userinfo(struct call *c);
err api_oauth_metadata(struct call *c);

/* api_session.c */
err api_session_create(struct call *c);
err api_session_delete(struct call *c);
err api_session_second(struct call *c);
err api_session_passkey_ask(struct call *c);
err api_session_passkey(struct call *c);
err api_session_list(struct call *c);
err api_session_revoke(struct call *c);
err api_session_revoke_others(struct call *c);
err api_session_password(struct call *c);
err api_session_reset(struct call *c);

/* api_factor.c */
err api_factor_list(struct call *c);
err api_factor_totp_begin(struct call *c);
err api_factor_totp_confirm(struct call *c);
err api_factor_totp_remove(struct call *c);
err api_factor_passkey_begin(struct call *c);
err api_factor_passkey_add(struct call *c);
err api_factor_passkey_remove(struct call *c);
err api_factor_recovery(struct call *c);

/* api_invite.c */
err api_invite_look(struct call *c);
err api_invite_sign_up(struct call *c);
err api_invite_create(struct call *c);
err api_invite_list(struct call *c);
err api_invite_revoke(struct call *c);

/* api_moment.c */
err api_moment_list(struct call *c);
err api_moment_show(struct call *c);
err api_moment_audience(struct call *c);
err api_moment_view_as(struct call *c);

/* api_measure.c */
err api_access_mine(struct call *c);
err api_measure_mine(struct call *c);
err api_measure_one(struct call *c);
err api_standing_mine(struct call *c);
err api_measure_queue(struct call *c);
err api_measure_release(struct call *c);
err api_measure_keep(struct call *c);

/* api_case.c */
err api_case_queue(struct call *c);
err api_case_show(struct call *c);
err api_case_claim(struct call *c);
err api_case_unclaim(struct call *c);
err api_case_decide(struct call *c);
err api_case_undo(struct call *c);
err api_case_ask(struct call *c);

/* api_govern.c */
err api_govern_figures(struct call *c);
err api_govern_settings(struct call *c);
err api_govern_set(struct call *c);

/* plain_complaint.c */
err plain_complaint_form(struct call *c);
err plain_complaint_send(struct call *c);
err plain_complaint_show(struct call *c);

/* plain_evidence.c */
err plain_evidence_show(struct call *c);
err plain_evidence_picture(struct call *c);
err plain_evidence_answer(struct call *c);

/* api_report.c */
err api_report_create(struct call *c);
err api_report_mine(struct call *c);

/* api_complaint.c */
err api_complaint_create(struct call *c);
err api_complaint_show(struct call *c);

/* api_audit.c */
err api_audit_key(struct call *c);
err api_audit_roots(struct call *c);
err api_audit_consistency(struct call *c);
err api_audit_receipts(struct call *c);
err plain_audit(struct call *c);

/* api_appeal.c */
err api_appeal_file(struct call *c);
err api_appeal_words(struct call *c);
err api_appeal_show(struct call *c);
err api_appeal_mine(struct call *c);
err api_appeal_draw(struct call *c);
err api_appeal_jurors(struct call *c);
err api_appeal_waiting(struct call *c);

/* api_jury.c */
err api_jury_me(struct call *c);
err api_jury_set_willing(struct call *c);
err api_jury_seats(struct call *c);
err api_jury_look(struct call *c);
err api_jury_vote(struct call *c);
err api_jury_skip(struct call *c);
err api_jury_picture(struct call *c);

/* api_policy.c */
err api_policy_list(struct call *c);
err api_policy_show(struct call *c);
err api_policy_mine(struct call *c);
err api_policy_publish(struct call *c);
err api_policy_withdraw(struct call *c);
err api_policy_announcements(struct call *c);

/* api_transparency.c, plain_transparency.c */
err api_transparency(struct call *c);
err plain_transparency(struct call *c);

/* plain_policy.c */
err plain_policies(struct call *c);

/* api_screen.c */
err api_screen_batch(struct call *c);

/* page.c */
err page_index(struct call *c);
err page_asset(struct call *c);
err page_worker(struct call *c);

/* plain.c */
err plain_home(struct call *c);
err plain_post(struct call *c);
err plain_sign_in_form(struct call *c);
err plain_sign_in(struct call *c);
err plain_second(struct call *c);
err plain_sign_out(struct call *c);

#endif
