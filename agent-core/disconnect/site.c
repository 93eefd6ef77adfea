/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "disconnect/site.h"

/* clang-format off */
static const CdSiteInfo sites[] = {
  [CD_SITE_NONE] = { CD_TEXT_WORD(""), CD_LAYER_NONE, "place not known" },
  [CD_SITE_PTY] = { CD_TEXT_WORD("pty"), CD_LAYER_AGENT_TO_CLIENT, "web terminal" },
  [CD_SITE_SSH_SESSION] = { CD_TEXT_WORD("ssh-session"), CD_LAYER_AGENT_TO_CLIENT, "SSH session" },
  [CD_SITE_SSH_CONNECTION] = { CD_TEXT_WORD("ssh-connection"), CD_LAYER_AGENT_TO_CLIENT,
                               "SSH connection" },
  [CD_SITE_JETBRAINS_FORWARD] = { CD_TEXT_WORD("jetbrains-forward"), CD_LAYER_AGENT_TO_CLIENT,
                                  "JetBrains port forward" },
  [CD_SITE_COORDINATION] = { CD_TEXT_WORD("coordination"), CD_LAYER_SERVER_TO_AGENT,
                             "coordination RPC" },
  [CD_SITE_DERP_MAP] = { CD_TEXT_WORD("derp-map"), CD_LAYER_SERVER_TO_AGENT, "DERP map stream" },
  [CD_SITE_RUN_LOOP] = { CD_TEXT_WORD("run-loop"), CD_LAYER_SERVER_TO_AGENT, "agent's run loop" },
  [CD_SITE_AGENT_CLOSE] = { CD_TEXT_WORD("agent-close"), CD_LAYER_SERVER_TO_AGENT,
                            "agent's shutdown" },
  [CD_SITE_COORDINATION_CLOSE] = { CD_TEXT_WORD("coordination-close"), CD_LAYER_SERVER_TO_AGENT,
                                   "close of the coordination" },
  [CD_SITE_CONTROLLER] = { CD_TEXT_WORD("controller"), CD_LAYER_SERVER_TO_AGENT,
                           "tailnet controller" },
  [CD_SITE_WATCH] = { CD_TEXT_WORD("watch"), CD_LAYER_CLIENT_TO_SERVER, "connection watch" },
  [CD_SITE_DIAL] = { CD_TEXT_WORD("dial"), CD_LAYER_AGENT_TO_CLIENT, "dial" },
  [CD_SITE_TUNNEL] = { CD_TEXT_WORD("tunnel"), CD_LAYER_AGENT_TO_CLIENT, "tunnel" },
  [CD_SITE_APPLICATION] = { CD_TEXT_WORD("application"), CD_LAYER_AGENT_TO_CLIENT, "application" },
};
/* clang-format on */
G_STATIC_ASSERT(G_N_ELEMENTS(sites) == CD_N_SITES);

#define MESSAGE(text, site, ...)                                                                   \
  {                                                                                                \
    { (text), sizeof(text) - 1 }, (site), __VA_ARGS__                                              \
  }

/* clang-format off */
static const CdSiteMessage messages[] = {
  MESSAGE("disconnected from coderd", CD_SITE_RUN_LOOP, CD_CAUSE_EOF, CD_PHASE_OPEN, FALSE),
  MESSAGE("run exited with error", CD_SITE_RUN_LOOP, CD_CAUSE_NONE, CD_PHASE_OPEN, FALSE),
  MESSAGE("disconnected from coordination RPC", CD_SITE_COORDINATION,
          CD_CAUSE_NONE, CD_PHASE_OPEN, FALSE),
  MESSAGE("disconnected from derp map RPC", CD_SITE_DERP_MAP, CD_CAUSE_NONE, CD_PHASE_OPEN, FALSE),
  MESSAGE("timed out waiting for Coordinator RPC disconnect", CD_SITE_AGENT_CLOSE,
          CD_CAUSE_SHUTDOWN_TIMEOUT, CD_PHASE_OPEN, FALSE),
  MESSAGE("coordinator RPC disconnected", CD_SITE_AGENT_CLOSE,
          CD_CAUSE_SHUTDOWN, CD_PHASE_OPEN, FALSE),
  MESSAGE("ssh session closed", CD_SITE_SSH_SESSION, CD_CAUSE_NONE, CD_PHASE_OPEN, FALSE),
  MESSAGE("ssh connection complete", CD_SITE_SSH_CONNECTION, CD_CAUSE_NONE, CD_PHASE_OPEN, TRUE),
  MESSAGE("reconnecting pty closed", CD_SITE_PTY, CD_CAUSE_NONE, CD_PHASE_OPEN, FALSE),
  MESSAGE("JetBrains channel closed", CD_SITE_JETBRAINS_FORWARD,
          CD_CAUSE_NONE, CD_PHASE_OPEN, FALSE),
  MESSAGE("failed to read AgentReconnectingPTYInit length", CD_SITE_PTY,
          CD_CAUSE_NONE, CD_PHASE_BEFORE_FIRST, FALSE),
  MESSAGE("failed to read AgentReconnectingPTYInit", CD_SITE_PTY,
          CD_CAUSE_NONE, CD_PHASE_FIRST_MESSAGE, FALSE),
  MESSAGE("failed to unmarshal init", CD_SITE_PTY,
          CD_CAUSE_PROTOCOL, CD_PHASE_FIRST_MESSAGE, FALSE),
};
/* clang-format on */

const CdSiteInfo *
cd_site_get_info(CdSite site)
{
  return &sites[site];
}

gboolean
cd_site_parse(CdText text, CdSite *site)
{
  for (guint i = 0; i < CD_N_SITES; i++)
    if (cd_text_equal(text, sites[i].text))
      {
        *site = i;
        return TRUE;
      }
  return FALSE;
}

static CdInitiator
_get_control_initiator(CdSite site, CdReason reason)
{
  if (site == CD_SITE_COORDINATION_CLOSE)
    return CD_INITIATOR_NONE;
  if (reason == CD_REASON_NETWORK_ERROR)
    return CD_INITIATOR_NETWORK;
  if (reason == CD_REASON_WORKSPACE_STOPPED)
    return CD_INITIATOR_SERVER;
  if (site == CD_SITE_AGENT_CLOSE)
    return CD_INITIATOR_AGENT;
  if (!(CD_SITE_BIT(site) & CD_SITES_EXIT_RULE))
    return CD_INITIATOR_NONE;
  if (reason == CD_REASON_SERVER_SHUTDOWN)
    return CD_INITIATOR_AGENT;
  return reason == CD_REASON_GRACEFUL ? CD_INITIATOR_SERVER : CD_INITIATOR_NONE;
}

CdInitiator
cd_site_get_initiator(CdSite site, CdReason reason)
{
  if (CD_SITE_BIT(site) & CD_SITES_CONTROL)
    return _get_control_initiator(site, reason);
  if (sites[site].layer != CD_LAYER_AGENT_TO_CLIENT)
    return CD_INITIATOR_NONE;
  switch (reason)
    {
    case CD_REASON_SERVER_SHUTDOWN:
      return CD_INITIATOR_AGENT;
    case CD_REASON_WORKSPACE_STOPPED:
      return CD_INITIATOR_SERVER;
    case CD_REASON_CLIENT_CLOSED:
      return CD_INITIATOR_CLIENT;
    default:
      return CD_INITIATOR_NONE;
    }
}

const CdSiteMessage *
cd_site_message_find(CdText message)
{
  for (guint i = 0; i < G_N_ELEMENTS(messages); i++)
    if (cd_text_equal(message, messages[i].text))
      return &messages[i];
  return NULL;
}

const CdSiteMessage *
cd_site_messages(guint *n_rows)
{
  *n_rows = G_N_ELEMENTS(messages);
  return messages;
}
