/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "disconnect/evidence.h"

static gboolean
_is_data_plane(CdSite site)
{
  return cd_site_get_info(site)->layer == CD_LAYER_AGENT_TO_CLIENT;
}

static CdCause
_from_websocket(const CdEvidence *self)
{
  gboolean goodbye = self->websocket_code == 1000 || self->websocket_code == 1001;

  if (goodbye && _is_data_plane(self->site))
    return CD_CAUSE_ORDERLY;
  if (self->websocket_code == 1000 && self->stream_closed_first)
    return CD_CAUSE_SERVER_CLOSED;
  return cd_cause_from_websocket_code(self->websocket_code, self->websocket_reason);
}

static CdCause
_from_codes(const CdEvidence *self)
{
  if (self->has_websocket_end)
    return _from_websocket(self);
  if (self->ssh_code)
    return cd_cause_from_ssh_code(self->ssh_code);
  if (self->http_status)
    return cd_cause_from_http_status(self->http_status, self->http_message);
  if (self->error)
    return cd_cause_from_error(self->error);
  if (self->error_number)
    return cd_cause_from_errno(self->error_number);
  return CD_CAUSE_NONE;
}

/* The code that an SSH session's line reports is its program's or its handler's; a terminal's
 * line reports 0 for a lost client too. */
static CdCause
_from_reported_code(const CdEvidence *self)
{
  if (self->reported_code != 0)
    return CD_CAUSE_EXIT_UNEXPLAINED;
  if (self->site == CD_SITE_SSH_SESSION && self->declared == CD_DECLARED_NOTHING)
    return CD_CAUSE_EXIT_OK;
  return CD_CAUSE_REPORTED_OK;
}

static CdCause
_from_program(const CdEvidence *self)
{
  if (self->signal_number)
    return cd_cause_from_signal(self->signal_number);
  if (self->has_exit_status)
    return cd_cause_from_exit_status(self->exit_status);
  return self->has_reported_code ? _from_reported_code(self) : CD_CAUSE_NONE;
}

static gboolean
_saw_program_end(const CdEvidence *self)
{
  return self->has_exit_status || self->signal_number;
}

static CdCause
_find_cause(const CdEvidence *self, CdText *innermost)
{
  CdCause cause = self->cause;

  if (cause == CD_CAUSE_NONE)
    cause = _from_codes(self);
  if (cause == CD_CAUSE_NONE)
    cause = cd_cause_from_text(self->text, innermost);
  else if (cause == CD_CAUSE_UNREADABLE && !cd_text_is_empty(self->text))
    cause = cd_cause_from_text(self->text, innermost); /* GIO's FAILED says it in words alone */
  if (cause == CD_CAUSE_UNREADABLE && _saw_program_end(self))
    return _from_program(self);
  return cause != CD_CAUSE_NONE ? cause : _from_program(self);
}

CdCause
cd_evidence_get_cause(const CdEvidence *self, CdText *innermost)
{
  CdCause cause;

  *innermost = CD_TEXT_NONE;
  cause = _find_cause(self, innermost);
  if (cause == CD_CAUSE_EOF && self->phase == CD_PHASE_FIRST_MESSAGE)
    return CD_CAUSE_UNEXPECTED_EOF;
  return cause;
}
