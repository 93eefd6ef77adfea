/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "context.h"

#include "rfc5424/header.h"
#include "rfc5424/sdata.h"

typedef struct _Context
{
  const gchar *text;
  const gchar *why;
} Context;

#define SESSION_LINE "is context, the session's closing line tells the end"
#define CHATTER "is context, the site that lost its connection tells the end"
#define SHUTDOWN "is context, each connection that it ends has a line of its own"

static const Context contexts[] = {
  { "connection manager errored", "is context, the agent's next line repeats it" },
  { "ssh connection complete", "has no cause, the session's closing line tells the end" },
  { "normal ssh session exit", SESSION_LINE },
  { "ssh session failed", SESSION_LINE },
  { "ssh session returned", SESSION_LINE },
  { "ssh connection failed", SESSION_LINE },
  { "process wait exited with error", SESSION_LINE },
  { "file transfer blocked", SESSION_LINE },
  { "sftp server closed with error", SESSION_LINE },
  { "reconnecting pty connection closed", "is context, `reconnecting pty closed` tells the end" },
  { "reconnecting pty failed with", "is context, `reconnecting pty closed` tells the end" },
  { "shutting down agent", SHUTDOWN },
  { "ssh server shutdown timeout", SHUTDOWN },
  { "server is closing", SHUTDOWN },
  { "runLoop exited", CHATTER },
  { "[ERR] yamux", CHATTER },
  { "[WARN] yamux", CHATTER },
  { "tailnet API v2+ connection lost", CHATTER },
  { "remote coordination error", CHATTER },
  { "error receiving DERP Map", CHATTER },
};

static gboolean
_is_our_element_without_reason(CdText line, const gchar *const *sd_ids)
{
  CdHeader header;

  return cd_header_matters(line) && cd_header_read(line, &header) == CD_HEADER_WHOLE
         && cd_sdata_claims(header.sdata, sd_ids);
}

gchar *
cd_context_explain(CdText line, const gchar *const *sd_ids)
{
  if (_is_our_element_without_reason(line, sd_ids))
    return g_strdup("our structured data says no disconnect_reason");
  for (gsize i = 0; i < G_N_ELEMENTS(contexts); i++)
    if (cd_text_find(line, cd_text_from_string(contexts[i].text)))
      return g_strdup_printf("\"%s\" %s", contexts[i].text, contexts[i].why);
  return NULL;
}
