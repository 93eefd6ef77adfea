/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "disconnect/site.h"

#include "../../support/unit.h"

typedef struct _SiteRow
{
  const gchar *name;
  CdSite site;
  CdLayer layer;
} SiteRow;

static const SiteRow site_rows[] = {
  { "", CD_SITE_NONE, CD_LAYER_NONE },
  { "pty", CD_SITE_PTY, CD_LAYER_AGENT_TO_CLIENT },
  { "ssh-session", CD_SITE_SSH_SESSION, CD_LAYER_AGENT_TO_CLIENT },
  { "ssh-connection", CD_SITE_SSH_CONNECTION, CD_LAYER_AGENT_TO_CLIENT },
  { "jetbrains-forward", CD_SITE_JETBRAINS_FORWARD, CD_LAYER_AGENT_TO_CLIENT },
  { "coordination", CD_SITE_COORDINATION, CD_LAYER_SERVER_TO_AGENT },
  { "derp-map", CD_SITE_DERP_MAP, CD_LAYER_SERVER_TO_AGENT },
  { "run-loop", CD_SITE_RUN_LOOP, CD_LAYER_SERVER_TO_AGENT },
  { "agent-close", CD_SITE_AGENT_CLOSE, CD_LAYER_SERVER_TO_AGENT },
  { "coordination-close", CD_SITE_COORDINATION_CLOSE, CD_LAYER_SERVER_TO_AGENT },
  { "controller", CD_SITE_CONTROLLER, CD_LAYER_SERVER_TO_AGENT },
  { "watch", CD_SITE_WATCH, CD_LAYER_CLIENT_TO_SERVER },
  { "dial", CD_SITE_DIAL, CD_LAYER_AGENT_TO_CLIENT },
  { "tunnel", CD_SITE_TUNNEL, CD_LAYER_AGENT_TO_CLIENT },
  { "application", CD_SITE_APPLICATION, CD_LAYER_AGENT_TO_CLIENT },
};
G_STATIC_ASSERT(G_N_ELEMENTS(site_rows) == CD_N_SITES);

static void
test_site(gconstpointer data)
{
  const SiteRow *row = data;
  const CdSiteInfo *info = cd_site_get_info(row->site);
  CdSite parsed = CD_N_SITES;

  g_assert_cmpstr(info->name, ==, row->name);
  g_assert_cmpint(info->layer, ==, row->layer);
  g_assert_cmpuint(strlen(info->explanation), >, 0);
  g_assert_true(cd_site_parse(cd_text_from_string(row->name), &parsed));
  g_assert_cmpint(parsed, ==, row->site);
}

static void
test_other_names(void)
{
  static const gchar *const names[] = { "PTY",         "pty ",          " pty",    "ssh",
                                        "ssh_session", "coordination-", "unknown", "tunnels" };

  for (gsize i = 0; i < G_N_ELEMENTS(names); i++)
    {
      CdSite site = CD_SITE_WATCH;
      g_assert_false(cd_site_parse(cd_text_from_string(names[i]), &site));
      g_assert_cmpint(site, ==, CD_SITE_WATCH);
    }
}

typedef struct _MessageRow
{
  const gchar *name;
  CdSite site;
  CdCause cause;
  CdPhase phase;
  gboolean needs_error;
} MessageRow;

/* clang-format off */
static const MessageRow message_rows[] = {
  { "disconnected from coderd", CD_SITE_RUN_LOOP, CD_CAUSE_EOF, CD_PHASE_OPEN, FALSE },
  { "disconnected from coordination RPC", CD_SITE_COORDINATION, CD_CAUSE_NONE, CD_PHASE_OPEN,
    FALSE },
  { "disconnected from derp map RPC", CD_SITE_DERP_MAP, CD_CAUSE_NONE, CD_PHASE_OPEN, FALSE },
  { "timed out waiting for Coordinator RPC disconnect", CD_SITE_AGENT_CLOSE,
    CD_CAUSE_SHUTDOWN_TIMEOUT, CD_PHASE_OPEN, FALSE },
  { "coordinator RPC disconnected", CD_SITE_AGENT_CLOSE, CD_CAUSE_SHUTDOWN, CD_PHASE_OPEN, FALSE },
  { "run exited with error", CD_SITE_RUN_LOOP, CD_CAUSE_NONE, CD_PHASE_OPEN, FALSE },
  { "ssh session closed", CD_SITE_SSH_SESSION, CD_CAUSE_NONE, CD_PHASE_OPEN, FALSE },
  { "ssh connection complete", CD_SITE_SSH_CONNECTION, CD_CAUSE_NONE, CD_PHASE_OPEN, TRUE },
  { "reconnecting pty closed", CD_SITE_PTY, CD_CAUSE_NONE, CD_PHASE_OPEN, FALSE },
  { "JetBrains channel closed", CD_SITE_JETBRAINS_FORWARD, CD_CAUSE_NONE, CD_PHASE_OPEN, FALSE },
  { "failed to read AgentReconnectingPTYInit", CD_SITE_PTY, CD_CAUSE_NONE, CD_PHASE_FIRST_MESSAGE,
    FALSE },
  { "failed to read AgentReconnectingPTYInit length", CD_SITE_PTY, CD_CAUSE_NONE,
    CD_PHASE_BEFORE_FIRST, FALSE },
  { "failed to unmarshal init", CD_SITE_PTY, CD_CAUSE_PROTOCOL, CD_PHASE_FIRST_MESSAGE, FALSE },
};
/* clang-format on */

static void
test_message(gconstpointer data)
{
  const MessageRow *row = data;
  const CdSiteMessage *message = cd_site_message_find(cd_text_from_string(row->name));

  g_assert_nonnull(message);
  unit_assert_text(message->text, cd_text_from_string(row->name));
  g_assert_cmpint(message->site, ==, row->site);
  unit_assert_row(row->name, cd_cause_get_name(message->cause), cd_cause_get_name(row->cause));
  g_assert_cmpint(message->phase, ==, row->phase);
  g_assert_cmpint(message->needs_error, ==, row->needs_error);
}

static void
test_no_other_row(void)
{
  guint n_rows;
  const CdSiteMessage *rows = cd_site_messages(&n_rows);

  g_assert_cmpuint(n_rows, ==, G_N_ELEMENTS(message_rows));
  for (guint i = 0; i < n_rows; i++)
    g_assert_true(cd_site_message_find(rows[i].text) == &rows[i]);
}

static void
test_near_messages(void)
{
  for (gsize i = 0; i < G_N_ELEMENTS(message_rows); i++)
    {
      const gchar *text = message_rows[i].name;
      g_autofree gchar *upper = g_ascii_strup(text, -1);
      g_autofree gchar *before = g_strconcat("x ", text, NULL);
      g_autofree gchar *behind = g_strconcat(text, " ", NULL);
      CdText cut = { text, strlen(text) - 1 };

      g_assert_null(cd_site_message_find(cd_text_from_string(upper)));
      g_assert_null(cd_site_message_find(cd_text_from_string(before)));
      g_assert_null(cd_site_message_find(cd_text_from_string(behind)));
      g_assert_null(cd_site_message_find(cut));
    }
}

/* Lines around a disconnect; they repeat it or only lead up to it. */
static void
test_context_messages(void)
{
  static const gchar *const messages[] = {
    "",
    "connection manager errored",
    "runLoop exited with error",
    "runLoop exited because agent is closed",
    "ssh session failed",
    "ssh session returned",
    "normal ssh session exit",
    "ssh connection failed",
    "ssh server shutdown timeout",
    "unable to accept new session, server is closing",
    "reconnecting pty connection closed",
    "closed reconnecting pty",
    "shutting down agent",
    "connected to coordination RPC",
    "failed to read from protocol",
    "tailnet API v2+ connection lost",
    "sent disconnect",
  };

  for (gsize i = 0; i < G_N_ELEMENTS(messages); i++)
    g_assert_null(cd_site_message_find(cd_text_from_string(messages[i])));
  g_assert_null(cd_site_message_find(CD_TEXT_NONE));
}

typedef struct _SideRow
{
  CdSite site;
  CdReason reason;
  CdInitiator initiator;
} SideRow;

/* Only what taxonomy 3 to 5 fixes; every pair that is not here leaves the side open. */
/* clang-format off */
static const SideRow side_rows[] = {
  { CD_SITE_COORDINATION, CD_REASON_SERVER_SHUTDOWN, CD_INITIATOR_AGENT },
  { CD_SITE_COORDINATION, CD_REASON_GRACEFUL, CD_INITIATOR_SERVER },
  { CD_SITE_COORDINATION, CD_REASON_NETWORK_ERROR, CD_INITIATOR_NETWORK },
  { CD_SITE_COORDINATION, CD_REASON_WORKSPACE_STOPPED, CD_INITIATOR_SERVER },
  { CD_SITE_DERP_MAP, CD_REASON_SERVER_SHUTDOWN, CD_INITIATOR_AGENT },
  { CD_SITE_DERP_MAP, CD_REASON_GRACEFUL, CD_INITIATOR_SERVER },
  { CD_SITE_DERP_MAP, CD_REASON_NETWORK_ERROR, CD_INITIATOR_NETWORK },
  { CD_SITE_DERP_MAP, CD_REASON_WORKSPACE_STOPPED, CD_INITIATOR_SERVER },
  { CD_SITE_RUN_LOOP, CD_REASON_NETWORK_ERROR, CD_INITIATOR_NETWORK },
  { CD_SITE_RUN_LOOP, CD_REASON_WORKSPACE_STOPPED, CD_INITIATOR_SERVER },
  { CD_SITE_CONTROLLER, CD_REASON_NETWORK_ERROR, CD_INITIATOR_NETWORK },
  { CD_SITE_CONTROLLER, CD_REASON_WORKSPACE_STOPPED, CD_INITIATOR_SERVER },
  { CD_SITE_AGENT_CLOSE, CD_REASON_SERVER_SHUTDOWN, CD_INITIATOR_AGENT },
};
/* clang-format on */

static CdInitiator
get_fixed_side(CdSite site, CdReason reason)
{
  for (gsize i = 0; i < G_N_ELEMENTS(side_rows); i++)
    if (side_rows[i].site == site && side_rows[i].reason == reason)
      return side_rows[i].initiator;
  if (cd_site_get_info(site)->layer != CD_LAYER_AGENT_TO_CLIENT)
    return CD_INITIATOR_NONE;
  if (reason == CD_REASON_CLIENT_CLOSED)
    return CD_INITIATOR_CLIENT;
  if (reason == CD_REASON_SERVER_SHUTDOWN)
    return CD_INITIATOR_AGENT;
  return reason == CD_REASON_WORKSPACE_STOPPED ? CD_INITIATOR_SERVER : CD_INITIATOR_NONE;
}

/* At the agent's own close no other reason can be declared in earnest; its side is not checked. */
static void
test_fixed_sides(void)
{
  for (guint site = 0; site < CD_N_SITES; site++)
    for (guint reason = 0; reason < CD_N_REASONS; reason++)
      {
        g_autofree gchar *row = g_strdup_printf("%s, %s", cd_site_get_info(site)->name,
                                                cd_reason_get_info(reason)->name);

        if (site != CD_SITE_AGENT_CLOSE || reason == CD_REASON_SERVER_SHUTDOWN)
          unit_assert_row(row, cd_initiator_get_info(cd_site_get_initiator(site, reason))->name,
                          cd_initiator_get_info(get_fixed_side(site, reason))->name);
      }
}

static void
test_configured_side_stays_open(void)
{
  for (guint reason = 0; reason < CD_N_REASONS; reason++)
    g_assert_cmpint(cd_site_get_initiator(CD_SITE_COORDINATION_CLOSE, reason), ==,
                    CD_INITIATOR_NONE);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  unit_add_row("/site/row", "none", &site_rows[0], test_site);
  for (gsize i = 1; i < G_N_ELEMENTS(site_rows); i++)
    unit_add_row("/site/row", site_rows[i].name, &site_rows[i], test_site);
  g_test_add_func("/site/other-names", test_other_names);
  unit_add_rows("/site/message", message_rows, test_message);
  g_test_add_func("/site/no-other-message-row", test_no_other_row);
  g_test_add_func("/site/near-messages", test_near_messages);
  g_test_add_func("/site/context-messages", test_context_messages);
  g_test_add_func("/site/fixed-sides", test_fixed_sides);
  g_test_add_func("/site/configured-side-stays-open", test_configured_side_stays_open);
  return g_test_run();
}
