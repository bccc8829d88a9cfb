/* The table of all routes. What one needs is a column; a row is all there is to adding one. */
#include "api/route.h"

#include "api/handlers.h"

#define KIB 1024u
/* A text of 2,000 code points escaped to the last one (`\uXXXX\uXXXX` each) is 24 KB. */
#define TEXT (64 * KIB)
#define SMALL (16 * KIB)

#define READ SCOPE_READ
#define WRITE SCOPE_WRITE
#define OWN SCOPE_OWN

#define GET HTTP_GET
#define POST HTTP_POST
#define PUT HTTP_PUT
#define PATCH HTTP_PATCH
#define DELETE HTTP_DELETE

/* Limits are on the ways in, where there is something to guess or to fill up. The pace of members is bounded by what
 * they may do (circle/), not here. */
#define SIGN_INS                                                                                   \
	60 /* one address may be a household or a school; each costs a queue's place and 0.1 s anyway */
#define PICTURES                                                                                   \
	1200 /* a flood is cut; the pace itself is the darkroom's, which takes one at a time and twelve of a person in line */
#define PICTURE_BYTES (20 * 1024 * KIB + TEXT) /* and the form around it */
#define IMPORT_BYTES (513 * 1024 * KIB)        /* an archive, and the form around it */
#define POLICY_BYTES (2560 * KIB)              /* 1 MiB, with what JSON and forms add to it */
#define LOOKS 120 /* secrets behind these have 128 bits and more: the limit keeps the noise down */

#define FACTORS 30 /* setting one up takes a handful of tries */
#define PROOFS 10  /* these try the password, for whoever holds a session */

/* From one address: each waits for an answer of a person's. */
#define COMPLAINTS 3

/* Each may have a dozen texts screened, to ask jurors about. */
#define APPEALS 30

/* One who comes back after every lost connection, in every tab. */
#define STREAMS 120

/* One row a line. */
/* clang-format off */
const struct route routes[] = {
	/* method, path, handler, who, scope, body_max_bytes, per_minute, lane, flags */

	/* the server itself */
	{ GET, "/healthz", api_instance_healthz, ANYONE, 0, 0, 0, LANE_READ, ROUTE_EARLY },
	{ GET, "/readyz", api_instance_readyz, ANYONE, 0, 0, 0, LANE_READ, ROUTE_EARLY },
	{ GET, "/.well-known/nodeinfo", api_instance_nodeinfo_links, ANYONE, 0, 0, 0, LANE_READ, 0 },
	{ GET, "/nodeinfo/2.0", api_instance_nodeinfo, ANYONE, 0, 0, 0, LANE_READ, 0 },
	{ GET, "/api/v1/instance", api_instance_v1, ANYONE, 0, 0, 0, LANE_READ, 0 },
	{ GET, "/api/v2/instance", api_instance_v2, ANYONE, 0, 0, 0, LANE_READ, 0 },
	{ GET, "/api/v1/instance/rules", api_instance_rules, ANYONE, 0, 0, 0, LANE_READ, 0 },
	{ GET, "/api/v1/custom_emojis", api_instance_none, ANYONE, 0, 0, 0, LANE_READ, 0 },
	{ GET, "/api/v1/announcements", api_policy_announcements, ANYONE, 0, 0, 0, LANE_READ, 0 },

	/* live: api_streaming.c */
	{ GET, "/api/v1/streaming", api_streaming_socket, MEMBER, READ, 0, STREAMS, LANE_READ, ROUTE_STREAM },
	{ GET, "/api/v1/streaming/health", api_streaming_health, ANYONE, 0, 0, 0, LANE_READ, 0 },
	{ GET, "/api/v1/streaming/:stream", api_streaming_events, MEMBER, READ, 0, STREAMS, LANE_READ, ROUTE_STREAM },
	{ GET, "/api/v1/streaming/:stream/:part", api_streaming_events, MEMBER, READ, 0, STREAMS, LANE_READ, ROUTE_STREAM },
	{ GET, "/api/kith/v1/live", api_streaming_page, MEMBER, READ, 0, STREAMS, LANE_READ, ROUTE_STREAM | ROUTE_OWN_PAGE },

	/* apps and tokens */
	{ POST, "/api/v1/apps", api_oauth_app_create, ANYONE, 0, SMALL, 30, LANE_WRITE, 0 },
	{ GET, "/api/v1/apps/verify_credentials", api_oauth_app_show, APP, 0, 0, 0, LANE_READ, 0 },
	{ GET, "/oauth/authorize", api_oauth_authorize, ANYONE, 0, 0, LOOKS, LANE_READ, ROUTE_HTML },
	{ POST, "/oauth/authorize", api_oauth_consent, MEMBER, OWN, SMALL, LOOKS, LANE_WRITE, ROUTE_HTML },
	{ POST, "/oauth/sign-in", api_oauth_sign_in, ANYONE, 0, SMALL, SIGN_INS, LANE_HASH, ROUTE_HTML | ROUTE_OWN_PAGE },
	{ POST, "/oauth/sign-in/second", api_oauth_second, ANYONE, 0, SMALL, SIGN_INS, LANE_WRITE, ROUTE_HTML | ROUTE_OWN_PAGE },
	{ POST, "/oauth/token", api_oauth_token, ANYONE, 0, SMALL, LOOKS, LANE_WRITE, 0 },
	{ POST, "/oauth/revoke", api_oauth_revoke, ANYONE, 0, SMALL, LOOKS, LANE_WRITE, 0 },
	{ GET, "/oauth/userinfo", api_oauth_userinfo, MEMBER, READ | SCOPE_PROFILE, 0, 0, LANE_READ, 0 },
	{ GET, "/.well-known/oauth-authorization-server", api_oauth_metadata, ANYONE, 0, 0, 0, LANE_READ, 0 },

	/* coming in, and one's keys */
	{ POST, "/api/kith/v1/session", api_session_create, ANYONE, 0, SMALL, SIGN_INS, LANE_HASH, ROUTE_OWN_PAGE },
	{ POST, "/api/kith/v1/session/second", api_session_second, ANYONE, 0, SMALL, SIGN_INS, LANE_WRITE, ROUTE_OWN_PAGE },
	{ POST, "/api/kith/v1/session/passkey/options", api_session_passkey_ask, ANYONE, 0, SMALL, SIGN_INS, LANE_WRITE, ROUTE_OWN_PAGE },
	{ POST, "/api/kith/v1/session/passkey", api_session_passkey, ANYONE, 0, SMALL, SIGN_INS, LANE_WRITE, ROUTE_OWN_PAGE },
	{ DELETE, "/api/kith/v1/session", api_session_delete, SEALED_TOO, 0, SMALL, 0, LANE_WRITE, ROUTE_KEYS },
	{ GET, "/api/kith/v1/sessions", api_session_list, MEMBER, OWN, 0, 0, LANE_READ, ROUTE_KEYS },
	{ DELETE, "/api/kith/v1/sessions", api_session_revoke_others, MEMBER, OWN, SMALL, 0, LANE_WRITE, ROUTE_KEYS },
	{ DELETE, "/api/kith/v1/sessions/:id", api_session_revoke, MEMBER, OWN, SMALL, 0, LANE_WRITE, ROUTE_KEYS },
	{ POST, "/api/kith/v1/export", api_export_ask, SEALED_TOO, OWN, SMALL, 4, LANE_WRITE, 0 },
	{ GET, "/api/kith/v1/export", api_export_look, SEALED_TOO, OWN, 0, 0, LANE_READ, 0 },
	{ GET, "/api/kith/v1/export/file", api_export_fetch, SEALED_TOO, OWN, 0, LOOKS, LANE_READ, 0 },
	{ POST, "/api/kith/v1/import", api_import, MEMBER, OWN, IMPORT_BYTES, 20, LANE_WRITE, ROUTE_FILE },
	{ DELETE, "/api/kith/v1/account", api_account_erase, SEALED_TOO, OWN, SMALL, PROOFS, LANE_HASH, ROUTE_KEYS },
	{ POST, "/api/kith/v1/password", api_session_password, MEMBER, OWN, SMALL, PROOFS, LANE_HASH, ROUTE_KEYS },
	{ POST, "/api/kith/v1/reset", api_session_reset, ANYONE, 0, SMALL, SIGN_INS, LANE_HASH, ROUTE_OWN_PAGE },
	{ GET, "/api/kith/v1/factors", api_factor_list, MEMBER, OWN, 0, 0, LANE_READ, ROUTE_KEYS },
	{ POST, "/api/kith/v1/factors/totp", api_factor_totp_begin, MEMBER, OWN, SMALL, FACTORS, LANE_WRITE, ROUTE_KEYS },
	{ POST, "/api/kith/v1/factors/totp/confirm", api_factor_totp_confirm, MEMBER, OWN, SMALL, FACTORS, LANE_WRITE, ROUTE_KEYS },
	{ DELETE, "/api/kith/v1/factors/totp", api_factor_totp_remove, MEMBER, OWN, SMALL, PROOFS, LANE_HASH, ROUTE_KEYS },
	{ POST, "/api/kith/v1/factors/passkeys/options", api_factor_passkey_begin, MEMBER, OWN, SMALL, FACTORS, LANE_WRITE, ROUTE_KEYS },
	{ POST, "/api/kith/v1/factors/passkeys", api_factor_passkey_add, MEMBER, OWN, SMALL, FACTORS, LANE_WRITE, ROUTE_KEYS },
	{ DELETE, "/api/kith/v1/factors/passkeys/:id", api_factor_passkey_remove, MEMBER, OWN, SMALL, PROOFS, LANE_HASH, ROUTE_KEYS },
	{ POST, "/api/kith/v1/factors/recovery", api_factor_recovery, MEMBER, OWN, SMALL, PROOFS, LANE_HASH, ROUTE_KEYS },
	{ GET, "/api/kith/v1/invites/:code", api_invite_look, ANYONE, 0, 0, LOOKS, LANE_READ, 0 },
	{ POST, "/api/kith/v1/signup", api_invite_sign_up, ANYONE, 0, SMALL, SIGN_INS, LANE_HASH, ROUTE_OWN_PAGE },
	{ POST, "/api/kith/v1/invites", api_invite_create, STEWARD, OWN, SMALL, 60, LANE_WRITE, 0 },
	{ GET, "/api/kith/v1/invites", api_invite_list, STEWARD, OWN, 0, 0, LANE_READ, 0 },
	{ DELETE, "/api/kith/v1/invites/:id", api_invite_revoke, STEWARD, OWN, SMALL, 0, LANE_WRITE, 0 },

	/* moments */
	{ GET, "/api/kith/v1/moments", api_moment_list, MEMBER, READ, 0, 0, LANE_READ, 0 },
	{ GET, "/api/kith/v1/statuses/:id/moment", api_moment_show, MEMBER, READ, 0, 0, LANE_READ, 0 },
	{ GET, "/api/kith/v1/view_as", api_moment_view_as, MEMBER, READ, 0, 0, LANE_READ, 0 },
	{ POST, "/api/kith/v1/audience", api_moment_audience, MEMBER, READ, TEXT, 0, LANE_READ, 0 },

	/* people */
	{ GET, "/api/v1/accounts/verify_credentials", api_account_own, SEALED_TOO, READ | SCOPE_PROFILE, 0, 0, LANE_READ, ROUTE_KEYS },
	{ PATCH, "/api/v1/accounts/update_credentials", api_account_update, MEMBER, WRITE, 2 * PICTURE_BYTES, PICTURES, LANE_WRITE, ROUTE_FILE },
	{ DELETE, "/api/v1/profile/avatar", api_account_take_off, MEMBER, WRITE, SMALL, 0, LANE_WRITE, 0 },
	{ DELETE, "/api/v1/profile/header", api_account_take_off, MEMBER, WRITE, SMALL, 0, LANE_WRITE, 0 },
	{ GET, "/api/v1/accounts/lookup", api_account_lookup, MEMBER, READ, 0, 0, LANE_READ, 0 },
	{ GET, "/api/v1/accounts/search", api_search_people, MEMBER, READ, 0, 0, LANE_READ, 0 },
	{ GET, "/api/v1/accounts/relationships", api_relation_list, MEMBER, READ | SCOPE_FOLLOW, 0, 0, LANE_READ, 0 },
	{ GET, "/api/v1/accounts/:id", api_account_show, MEMBER, READ, 0, 0, LANE_READ, 0 },
	{ GET, "/api/v1/accounts/:id/statuses", api_account_statuses, MEMBER, READ, 0, 0, LANE_READ, 0 },
	{ GET, "/api/v1/accounts/:id/followers", api_account_followers, MEMBER, READ, 0, 0, LANE_READ, 0 },
	{ GET, "/api/v1/accounts/:id/following", api_account_following, MEMBER, READ, 0, 0, LANE_READ, 0 },
	{ GET, "/api/v1/accounts/:id/lists", api_account_lists, MEMBER, READ, 0, 0, LANE_READ, 0 },
	{ GET, "/api/v2/search", api_search_all, MEMBER, READ, 0, 0, LANE_WRITE, 0 },

	/* between people */
	{ POST, "/api/v1/accounts/:id/follow", api_relation_follow, MEMBER, WRITE | SCOPE_FOLLOW, SMALL, 0, LANE_WRITE, 0 },
	{ POST, "/api/v1/accounts/:id/unfollow", api_relation_unfollow, MEMBER, WRITE | SCOPE_FOLLOW, SMALL, 0, LANE_WRITE, 0 },
	{ POST, "/api/v1/accounts/:id/remove_from_followers", api_relation_unfollow, MEMBER, WRITE | SCOPE_FOLLOW, SMALL, 0, LANE_WRITE, 0 },
	{ POST, "/api/v1/accounts/:id/block", api_relation_block, MEMBER, WRITE | SCOPE_FOLLOW, SMALL, 0, LANE_WRITE, 0 },
	{ POST, "/api/v1/accounts/:id/unblock", api_relation_unblock, MEMBER, WRITE | SCOPE_FOLLOW, SMALL, 0, LANE_WRITE, 0 },
	{ POST, "/api/v1/accounts/:id/mute", api_relation_mute, MEMBER, WRITE | SCOPE_FOLLOW, SMALL, 0, LANE_WRITE, 0 },
	{ POST, "/api/v1/accounts/:id/unmute", api_relation_unmute, MEMBER, WRITE | SCOPE_FOLLOW, SMALL, 0, LANE_WRITE, 0 },
	{ GET, "/api/v1/blocks", api_relation_blocks, MEMBER, READ | SCOPE_FOLLOW, 0, 0, LANE_READ, 0 },
	{ GET, "/api/v1/mutes", api_relation_mutes, MEMBER, READ | SCOPE_FOLLOW, 0, 0, LANE_READ, 0 },
	{ GET, "/api/v1/follow_requests", api_relation_requests, MEMBER, READ | SCOPE_FOLLOW, 0, 0, LANE_READ, 0 },
	{ POST, "/api/v1/follow_requests/:id/authorize", api_relation_authorize, MEMBER, WRITE | SCOPE_FOLLOW, SMALL, 0, LANE_WRITE, 0 },
	{ POST, "/api/v1/follow_requests/:id/reject", api_relation_reject, MEMBER, WRITE | SCOPE_FOLLOW, SMALL, 0, LANE_WRITE, 0 },
	{ POST, "/api/kith/v1/accounts/:id/hide_mine", api_relation_hide_mine, MEMBER, WRITE | SCOPE_FOLLOW, SMALL, 0, LANE_WRITE, 0 },
	{ DELETE, "/api/kith/v1/accounts/:id/hide_mine", api_relation_hide_mine, MEMBER, WRITE | SCOPE_FOLLOW, SMALL, 0, LANE_WRITE, 0 },
	{ GET, "/api/kith/v1/requests", api_relation_sent, MEMBER, READ | SCOPE_FOLLOW, 0, 0, LANE_READ, 0 },

	/* tags */
	{ GET, "/api/v1/lists", api_list_all, MEMBER, READ, 0, 0, LANE_READ, 0 },
	{ POST, "/api/v1/lists", api_list_create, MEMBER, WRITE, SMALL, 0, LANE_WRITE, 0 },
	{ GET, "/api/v1/lists/:id", api_list_show, MEMBER, READ, 0, 0, LANE_READ, 0 },
	{ PUT, "/api/v1/lists/:id", api_list_rename, MEMBER, WRITE, SMALL, 0, LANE_WRITE, 0 },
	{ DELETE, "/api/v1/lists/:id", api_list_delete, MEMBER, WRITE, SMALL, 0, LANE_WRITE, 0 },
	{ GET, "/api/v1/lists/:id/accounts", api_list_members, MEMBER, READ, 0, 0, LANE_READ, 0 },
	{ POST, "/api/v1/lists/:id/accounts", api_list_add, MEMBER, WRITE, TEXT, 0, LANE_WRITE, 0 },
	{ DELETE, "/api/v1/lists/:id/accounts", api_list_remove, MEMBER, WRITE, TEXT, 0, LANE_WRITE, 0 },

	/* groups */
	{ GET, "/api/kith/v1/groups", api_group_all, MEMBER, READ, 0, 0, LANE_READ, 0 },
	{ POST, "/api/kith/v1/groups", api_group_create, MEMBER, WRITE, SMALL, 0, LANE_WRITE, 0 },
	{ GET, "/api/kith/v1/groups/:id", api_group_show, MEMBER, READ, 0, 0, LANE_READ, 0 },
	{ PUT, "/api/kith/v1/groups/:id", api_group_change, MEMBER, WRITE, SMALL, 0, LANE_WRITE, 0 },
	{ DELETE, "/api/kith/v1/groups/:id", api_group_delete, MEMBER, WRITE, SMALL, 0, LANE_WRITE, 0 },
	{ GET, "/api/kith/v1/groups/:id/members", api_group_members, MEMBER, READ, 0, 0, LANE_READ, 0 },
	{ GET, "/api/kith/v1/groups/:id/timeline", api_timeline_group, MEMBER, READ, 0, 0, LANE_READ, 0 },
	{ POST, "/api/kith/v1/groups/:id/invite", api_group_invite, MEMBER, WRITE, SMALL, 0, LANE_WRITE, 0 },
	{ POST, "/api/kith/v1/groups/:id/accept", api_group_accept, MEMBER, WRITE, SMALL, 0, LANE_WRITE, 0 },
	{ POST, "/api/kith/v1/groups/:id/leave", api_group_leave, MEMBER, WRITE, SMALL, 0, LANE_WRITE, 0 },
	{ POST, "/api/kith/v1/groups/:id/remove", api_group_remove, MEMBER, WRITE, SMALL, 0, LANE_WRITE, 0 },
	{ POST, "/api/kith/v1/groups/:id/hand_over", api_group_hand_over, MEMBER, WRITE, SMALL, 0, LANE_WRITE, 0 },

	/* moments and what is said of them */
	{ POST, "/api/v1/statuses", api_status_create, MEMBER, WRITE, TEXT, 0, LANE_WRITE, 0 },
	{ GET, "/api/v1/statuses/:id", api_status_show, MEMBER, READ, 0, 0, LANE_READ, 0 },
	{ PUT, "/api/v1/statuses/:id", api_status_change, MEMBER, WRITE, TEXT, 0, LANE_WRITE, 0 },
	{ DELETE, "/api/v1/statuses/:id", api_status_delete, MEMBER, WRITE, SMALL, 0, LANE_WRITE, 0 },
	{ GET, "/api/v1/statuses/:id/context", api_status_context, MEMBER, READ, 0, 0, LANE_READ, 0 },
	{ GET, "/api/v1/statuses/:id/source", api_status_source, MEMBER, READ, 0, 0, LANE_READ, 0 },
	{ GET, "/api/v1/statuses/:id/history", api_status_history, MEMBER, READ, 0, 0, LANE_READ, 0 },
	{ GET, "/api/v1/statuses/:id/favourited_by", api_status_favourited_by, MEMBER, READ, 0, 0, LANE_READ, 0 },
	{ GET, "/api/v1/statuses/:id/reblogged_by", api_status_reblogged_by, MEMBER, READ, 0, 0, LANE_READ, 0 },
	{ POST, "/api/v1/statuses/:id/favourite", api_status_favourite, MEMBER, WRITE, SMALL, 0, LANE_WRITE, 0 },
	{ POST, "/api/v1/statuses/:id/unfavourite", api_status_unfavourite, MEMBER, WRITE, SMALL, 0, LANE_WRITE, 0 },
	{ POST, "/api/v1/statuses/:id/mute", api_status_mute, MEMBER, WRITE, SMALL, 0, LANE_WRITE, 0 },
	{ POST, "/api/v1/statuses/:id/unmute", api_status_unmute, MEMBER, WRITE, SMALL, 0, LANE_WRITE, 0 },
	{ POST, "/api/v1/statuses/:id/bookmark", api_status_unkept, MEMBER, WRITE, SMALL, 0, LANE_WRITE, 0 },
	{ POST, "/api/v1/statuses/:id/unbookmark", api_status_unkept, MEMBER, WRITE, SMALL, 0, LANE_WRITE, 0 },
	{ POST, "/api/v1/statuses/:id/pin", api_status_unkept, MEMBER, WRITE, SMALL, 0, LANE_WRITE, 0 },
	{ POST, "/api/v1/statuses/:id/unpin", api_status_unkept, MEMBER, WRITE, SMALL, 0, LANE_WRITE, 0 },
	{ POST, "/api/v1/statuses/:id/reblog", api_status_reblog, MEMBER, WRITE, SMALL, 0, LANE_READ, 0 },
	{ POST, "/api/v1/statuses/:id/unreblog", api_status_reblog, MEMBER, WRITE, SMALL, 0, LANE_READ, 0 },
	{ GET, "/api/v1/timelines/home", api_timeline_home, MEMBER, READ, 0, 0, LANE_READ, 0 },
	{ GET, "/api/v1/timelines/list/:id", api_timeline_list, MEMBER, READ, 0, 0, LANE_READ, 0 },
	{ GET, "/api/v1/timelines/public", api_timeline_none, MEMBER, READ, 0, 0, LANE_READ, 0 },
	{ GET, "/api/v1/timelines/tag/:tag", api_search_tag, MEMBER, READ, 0, 0, LANE_WRITE, 0 },
	{ GET, "/api/v1/favourites", api_timeline_favourites, MEMBER, READ, 0, 0, LANE_READ, 0 },

	/* pictures: fetching may wait for the store and the disk, so not in the event loop */
	{ POST, "/api/v2/media", api_media_create, MEMBER, WRITE, PICTURE_BYTES, PICTURES, LANE_WRITE, ROUTE_FILE },
	{ POST, "/api/v1/media", api_media_create, MEMBER, WRITE, PICTURE_BYTES, PICTURES, LANE_WRITE, ROUTE_FILE },
	{ GET, "/api/v1/media/:id", api_media_show, MEMBER, WRITE | READ, 0, 0, LANE_READ, 0 },
	{ PUT, "/api/v1/media/:id", api_media_update, MEMBER, WRITE, SMALL, 0, LANE_WRITE, 0 },
	{ DELETE, "/api/v1/media/:id", api_media_delete, MEMBER, WRITE, SMALL, 0, LANE_WRITE, 0 },
	{ GET, "/media/:id/:name", api_media_fetch, MEMBER, READ, 0, 0, LANE_WRITE, 0 },

	/* what a person should hear of */
	{ GET, "/api/v1/notifications", api_notification_list, MEMBER, READ, 0, 0, LANE_READ, 0 },
	{ GET, "/api/v1/notifications/unread_count", api_notification_unread, MEMBER, READ, 0, 0, LANE_READ, 0 },
	{ GET, "/api/v1/notifications/:id", api_notification_show, MEMBER, READ, 0, 0, LANE_READ, 0 },
	{ POST, "/api/v1/notifications/clear", api_notification_clear, MEMBER, WRITE, SMALL, 0, LANE_WRITE, 0 },
	{ POST, "/api/v1/notifications/:id/dismiss", api_notification_dismiss, MEMBER, WRITE, SMALL, 0, LANE_WRITE, 0 },
	{ GET, "/api/v1/markers", api_notification_markers, MEMBER, READ, 0, 0, LANE_READ, 0 },
	{ POST, "/api/v1/markers", api_notification_set_markers, MEMBER, WRITE, SMALL, 0, LANE_WRITE, 0 },

	/* how an app should behave, and what there is none of */
	{ GET, "/api/v1/preferences", api_preference_show, MEMBER, READ, 0, 0, LANE_READ, 0 },
	{ GET, "/api/v1/bookmarks", api_preference_none, MEMBER, READ, 0, 0, LANE_READ, 0 },
	{ GET, "/api/v1/scheduled_statuses", api_preference_none, MEMBER, READ, 0, 0, LANE_READ, 0 },
	{ GET, "/api/v1/polls/:id", api_preference_absent, MEMBER, READ, 0, 0, LANE_READ, 0 },
	{ POST, "/api/v1/polls/:id/votes", api_preference_absent, MEMBER, WRITE, SMALL, 0, LANE_WRITE, 0 },
	{ GET, "/api/v1/push/subscription", api_preference_absent, MEMBER, SCOPE_PUSH, 0, 0, LANE_READ, 0 },
	{ POST, "/api/v1/push/subscription", api_preference_push, MEMBER, SCOPE_PUSH, SMALL, 0, LANE_WRITE, 0 },
	{ PUT, "/api/v1/push/subscription", api_preference_push, MEMBER, SCOPE_PUSH, SMALL, 0, LANE_WRITE, 0 },
	{ DELETE, "/api/v1/push/subscription", api_preference_push, MEMBER, SCOPE_PUSH, SMALL, 0, LANE_WRITE, 0 },
	{ GET, "/api/v1/conversations", api_preference_none, MEMBER, READ, 0, 0, LANE_READ, 0 },
	{ GET, "/api/v1/followed_tags", api_preference_none, MEMBER, READ | SCOPE_FOLLOW, 0, 0, LANE_READ, 0 },
	{ GET, "/api/v1/filters", api_filter_old, MEMBER, READ, 0, 0, LANE_READ, 0 },
	{ GET, "/api/v2/filters", api_filter_all, MEMBER, READ, 0, 0, LANE_READ, 0 },
	{ POST, "/api/v2/filters", api_filter_create, MEMBER, WRITE, SMALL, 0, LANE_WRITE, 0 },
	{ GET, "/api/v2/filters/keywords/:id", api_filter_show_word, MEMBER, READ, 0, 0, LANE_READ, 0 },
	{ PUT, "/api/v2/filters/keywords/:id", api_filter_change_word, MEMBER, WRITE, SMALL, 0, LANE_WRITE, 0 },
	{ DELETE, "/api/v2/filters/keywords/:id", api_filter_delete_word, MEMBER, WRITE, SMALL, 0, LANE_WRITE, 0 },
	{ GET, "/api/v2/filters/:id", api_filter_show, MEMBER, READ, 0, 0, LANE_READ, 0 },
	{ PUT, "/api/v2/filters/:id", api_filter_change, MEMBER, WRITE, SMALL, 0, LANE_WRITE, 0 },
	{ DELETE, "/api/v2/filters/:id", api_filter_delete, MEMBER, WRITE, SMALL, 0, LANE_WRITE, 0 },
	{ GET, "/api/v2/filters/:id/keywords", api_filter_words, MEMBER, READ, 0, 0, LANE_READ, 0 },
	{ POST, "/api/v2/filters/:id/keywords", api_filter_add_word, MEMBER, WRITE, SMALL, 0, LANE_WRITE, 0 },
	{ GET, "/api/v2/filters/:id/statuses", api_filter_statuses, MEMBER, READ, 0, 0, LANE_READ, 0 },

	/* the order. An appeal is read with its whole walk, which may be as long as the list of jurors: not in the event loop. */
	{ GET, "/api/kith/v1/measures", api_measure_mine, SEALED_TOO, READ, 0, 0, LANE_WRITE, 0 },
	{ GET, "/api/kith/v1/accesses", api_access_mine, SEALED_TOO, READ, 0, 0, LANE_WRITE, 0 },
	{ GET, "/api/kith/v1/measures/:id", api_measure_one, SEALED_TOO, READ, 0, 0, LANE_WRITE, 0 },
	{ GET, "/api/kith/v1/standing", api_standing_mine, SEALED_TOO, READ, 0, 0, LANE_READ, 0 },
	{ POST, "/api/kith/v1/measures/:id/appeal", api_appeal_file, SEALED_TOO, WRITE, TEXT, APPEALS, LANE_WRITE, 0 },
	{ GET, "/api/kith/v1/appeals", api_appeal_mine, SEALED_TOO, READ, 0, 0, LANE_WRITE, 0 },
	{ GET, "/api/kith/v1/appeals/:id", api_appeal_show, SEALED_TOO, READ, 0, 0, LANE_WRITE, 0 },
	{ PUT, "/api/kith/v1/appeals/:id", api_appeal_words, SEALED_TOO, WRITE, TEXT, APPEALS, LANE_WRITE, 0 },
	{ GET, "/api/kith/v1/juror", api_jury_me, MEMBER, OWN, 0, 0, LANE_READ, 0 },
	{ PUT, "/api/kith/v1/juror", api_jury_set_willing, MEMBER, OWN, SMALL, APPEALS, LANE_WRITE, 0 },
	{ GET, "/api/kith/v1/juries", api_jury_seats, MEMBER, OWN, 0, 0, LANE_WRITE, 0 },
	{ GET, "/api/kith/v1/juries/:id", api_jury_look, MEMBER, OWN, 0, 0, LANE_WRITE, 0 },
	{ GET, "/api/kith/v1/juries/:id/pictures/:nth", api_jury_picture, MEMBER, OWN, 0, 0, LANE_WRITE, 0 },
	{ POST, "/api/kith/v1/juries/:id/vote", api_jury_vote, MEMBER, OWN, SMALL, 0, LANE_WRITE, 0 },
	{ POST, "/api/kith/v1/juries/:id/skip", api_jury_skip, MEMBER, OWN, SMALL, 0, LANE_WRITE, 0 },
	{ GET, "/api/kith/v1/jurors", api_appeal_jurors, ANYONE, 0, 0, LOOKS, LANE_WRITE, 0 },
	{ GET, "/api/kith/v1/draws/:id", api_appeal_draw, ANYONE, 0, 0, LOOKS, LANE_WRITE, 0 },
	{ POST, "/api/v1/reports", api_report_create, MEMBER, WRITE, SMALL, 0, LANE_WRITE, 0 },
	{ GET, "/api/kith/v1/reports", api_report_mine, MEMBER, READ, 0, 0, LANE_READ, 0 },
	{ POST, "/api/kith/v1/complaints", api_complaint_create, ANYONE, 0, TEXT, COMPLAINTS, LANE_WRITE, ROUTE_OWN_PAGE },
	{ GET, "/api/kith/v1/complaints/:secret", api_complaint_show, ANYONE, 0, 0, LOOKS, LANE_READ, 0 },
	{ GET, "/api/kith/v1/review", api_measure_queue, STEWARD, OWN, 0, 0, LANE_WRITE, 0 },
	{ POST, "/api/kith/v1/review/:id/release", api_measure_release, STEWARD, OWN, SMALL, 0, LANE_WRITE, 0 },
	{ POST, "/api/kith/v1/review/:id/keep", api_measure_keep, STEWARD, OWN, SMALL, 0, LANE_WRITE, 0 },
	{ GET, "/api/kith/v1/cases", api_case_queue, STEWARD, OWN, 0, 0, LANE_WRITE, 0 },
	{ GET, "/api/kith/v1/cases/:id", api_case_show, STEWARD, OWN, 0, 0, LANE_WRITE, 0 },
	{ POST, "/api/kith/v1/cases/:id/claim", api_case_claim, STEWARD, OWN, SMALL, 0, LANE_WRITE, 0 },
	{ DELETE, "/api/kith/v1/cases/:id/claim", api_case_unclaim, STEWARD, OWN, SMALL, 0, LANE_WRITE, 0 },
	{ POST, "/api/kith/v1/cases/:id/decide", api_case_decide, STEWARD, OWN, TEXT, 0, LANE_WRITE, 0 },
	{ POST, "/api/kith/v1/cases/:id/undo", api_case_undo, STEWARD, OWN, SMALL, 0, LANE_WRITE, 0 },
	{ POST, "/api/kith/v1/cases/:id/links", api_case_ask, STEWARD, OWN, SMALL, 0, LANE_WRITE, 0 },
	{ GET, "/api/kith/v1/order/appeals", api_appeal_waiting, STEWARD, OWN, 0, 0, LANE_WRITE, 0 },
	{ GET, "/api/kith/v1/order/figures", api_govern_figures, STEWARD, OWN, 0, 0, LANE_WRITE, 0 },
	{ GET, "/api/kith/v1/order/settings", api_govern_settings, STEWARD, OWN, 0, 0, LANE_READ, 0 },
	{ PUT, "/api/kith/v1/order/settings", api_govern_set, STEWARD, OWN, SMALL, 0, LANE_WRITE, 0 },

	/* its rules: api_policy.c. To publish one judges the last 30 days again. */
	{ GET, "/api/kith/v1/policies", api_policy_list, ANYONE, 0, 0, LOOKS, LANE_WRITE, 0 },
	{ GET, "/api/kith/v1/policies/:hash", api_policy_show, ANYONE, 0, 0, LOOKS, LANE_WRITE, 0 },
	{ GET, "/api/kith/v1/policies/:hash/me", api_policy_mine, MEMBER, READ, 0, LOOKS, LANE_WRITE, 0 },
	{ POST, "/api/kith/v1/policies", api_policy_publish, STEWARD, OWN, POLICY_BYTES, 10, LANE_WRITE, 0 },
	{ DELETE, "/api/kith/v1/policies/:hash", api_policy_withdraw, STEWARD, OWN, SMALL, 10, LANE_WRITE, 0 },
	{ GET, "/policies", plain_policies, ANYONE, 0, 0, LOOKS, LANE_WRITE, ROUTE_HTML },

	/* what it did, month by month: api_transparency.c, plain_transparency.c */
	{ GET, "/api/kith/v1/transparency", api_transparency, ANYONE, 0, 0, LOOKS, LANE_WRITE, 0 },
	{ GET, "/transparency", plain_transparency, ANYONE, 0, 0, LOOKS, LANE_WRITE, ROUTE_HTML },

	/* its log: api_audit.c */
	{ GET, "/api/kith/v1/measures/:id/receipts", api_audit_receipts, SEALED_TOO, READ, 0, LOOKS, LANE_WRITE, 0 },
	{ GET, "/api/kith/v1/audit/key", api_audit_key, ANYONE, 0, 0, LOOKS, LANE_READ, 0 },
	{ GET, "/api/kith/v1/audit/roots", api_audit_roots, ANYONE, 0, 0, LOOKS, LANE_READ, 0 },
	{ GET, "/api/kith/v1/audit/consistency", api_audit_consistency, ANYONE, 0, 0, LOOKS, LANE_WRITE, 0 },
	{ GET, "/audit", plain_audit, ANYONE, 0, 0, LOOKS, LANE_READ, ROUTE_HTML },

	/* other platforms */
	{ POST, "/api/kith/v1/screen", api_screen_batch, MEMBER, SCOPE_SCREEN, 4096 * KIB, 0, LANE_HASH, ROUTE_RAW },

	/* the page: one file behind all its addresses */
	{ GET, "/", page_index, ANYONE, 0, 0, 0, LANE_READ, ROUTE_HTML },
	{ GET, "/sign-in", page_index, ANYONE, 0, 0, 0, LANE_READ, ROUTE_HTML },
	{ GET, "/join/:code", page_index, ANYONE, 0, 0, 0, LANE_READ, ROUTE_HTML },
	{ GET, "/reset/:token", page_index, ANYONE, 0, 0, 0, LANE_READ, ROUTE_HTML },
	{ GET, "/friends", page_index, ANYONE, 0, 0, 0, LANE_READ, ROUTE_HTML },
	{ GET, "/people/:handle", page_index, ANYONE, 0, 0, 0, LANE_READ, ROUTE_HTML },
	{ GET, "/posts/:id", page_index, ANYONE, 0, 0, 0, LANE_READ, ROUTE_HTML },
	{ GET, "/tags", page_index, ANYONE, 0, 0, 0, LANE_READ, ROUTE_HTML },
	{ GET, "/notices", page_index, ANYONE, 0, 0, 0, LANE_READ, ROUTE_HTML },
	{ GET, "/held", page_index, ANYONE, 0, 0, 0, LANE_READ, ROUTE_HTML },
	{ GET, "/report", page_index, ANYONE, 0, 0, 0, LANE_READ, ROUTE_HTML },
	{ GET, "/juries", page_index, ANYONE, 0, 0, 0, LANE_READ, ROUTE_HTML },
	{ GET, "/rules", page_index, ANYONE, 0, 0, 0, LANE_READ, ROUTE_HTML },
	{ GET, "/review", page_index, ANYONE, 0, 0, 0, LANE_READ, ROUTE_HTML },
	{ GET, "/settings", page_index, ANYONE, 0, 0, 0, LANE_READ, ROUTE_HTML },
	{ GET, "/search", page_index, ANYONE, 0, 0, 0, LANE_READ, ROUTE_HTML },
	{ GET, "/groups", page_index, ANYONE, 0, 0, 0, LANE_READ, ROUTE_HTML },
	{ GET, "/groups/:id", page_index, ANYONE, 0, 0, 0, LANE_READ, ROUTE_HTML },
	{ GET, "/worker.js", page_worker, ANYONE, 0, 0, 0, LANE_READ, ROUTE_HTML },

	/* the same without script, to read */
	{ GET, "/plain", plain_home, MEMBER, OWN, 0, 0, LANE_READ, ROUTE_HTML },
	{ GET, "/plain/posts/:id", plain_post, MEMBER, OWN, 0, 0, LANE_READ, ROUTE_HTML },
	{ GET, "/plain/sign-in", plain_sign_in_form, ANYONE, 0, 0, 0, LANE_READ, ROUTE_HTML },
	{ POST, "/plain/sign-in", plain_sign_in, ANYONE, 0, SMALL, SIGN_INS, LANE_HASH, ROUTE_HTML | ROUTE_OWN_PAGE },
	{ POST, "/plain/sign-in/second", plain_second, ANYONE, 0, SMALL, SIGN_INS, LANE_WRITE, ROUTE_HTML | ROUTE_OWN_PAGE },
	{ POST, "/plain/sign-out", plain_sign_out, SEALED_TOO, 0, SMALL, 0, LANE_WRITE, ROUTE_HTML | ROUTE_KEYS },
	{ GET, "/complaint", plain_complaint_form, ANYONE, 0, 0, 0, LANE_READ, ROUTE_HTML },
	{ POST, "/complaint", plain_complaint_send, ANYONE, 0, TEXT, COMPLAINTS, LANE_WRITE, ROUTE_HTML | ROUTE_OWN_PAGE },
	{ GET, "/complaint/:secret", plain_complaint_show, ANYONE, 0, 0, LOOKS, LANE_READ, ROUTE_HTML },
	{ GET, "/evidence/:secret", plain_evidence_show, ANYONE, 0, 0, LOOKS, LANE_WRITE, ROUTE_HTML },
	{ POST, "/evidence/:secret", plain_evidence_answer, ANYONE, 0, SMALL, SIGN_INS, LANE_WRITE, ROUTE_HTML | ROUTE_OWN_PAGE },
	{ GET, "/evidence/:secret/:nth", plain_evidence_picture, ANYONE, 0, 0, LOOKS, LANE_WRITE, ROUTE_HTML },

	/* files */
	{ GET, "/assets/:file", page_asset, ANYONE, 0, 0, 0, LANE_READ, ROUTE_HTML },
};
/* clang-format on */

const size_t routes_n = sizeof(routes) / sizeof(routes[0]);
