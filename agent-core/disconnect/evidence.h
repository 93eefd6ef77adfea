/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CD_EVIDENCE_H
#define CD_EVIDENCE_H

#include "disconnect/cause.h"
#include "disconnect/site.h"
#include "disconnect/vocabulary.h"

/** What a sender put for the reason. */
typedef enum
{
  CD_DECLARED_NOTHING, /* no word about it */
  CD_DECLARED_UNKNOWN, /* the zero value */
  CD_DECLARED_REASON,  /* a reason of the vocabulary */
  CD_DECLARED_TEXT,    /* a text outside the vocabulary */
  CD_N_DECLARED
} CdDeclared;

/** Who was already closing when the end was seen. */
typedef enum
{
  CD_CLOSER_NOBODY,
  CD_CLOSER_AGENT,  /* the agent is shutting down or hung up itself */
  CD_CLOSER_SERVER, /* coderd had said that the workspace stops */
  CD_N_CLOSERS
} CdCloser;

/**
 * CdEvidence:
 * @site: where the end was seen
 * @phase: how far the connection had come
 * @closer: who was already closing
 * @cause: the cause where the site knows it by itself, else %CD_CAUSE_NONE
 * @text: (nullable): the error's text, or the reason outside the vocabulary
 * @error: (nullable): a GIO, resolver or TLS error
 * @error_number: errno of a socket call, 0 for none
 * @ssh_code: code of SSH_MSG_DISCONNECT, 0 for none
 * @has_websocket_end: whether @websocket_code counts
 * @websocket_code: status of the close frame, 0 without a frame
 * @websocket_reason: text of the close frame
 * @stream_closed_first: coderd had closed the stream in order before the close frame came
 * @http_status: answer to the upgrade, 0 for none
 * @http_message: message of that answer
 * @has_exit_status: whether the program's end was seen
 * @exit_status: its exit status
 * @signal_number: the signal that killed it, 0 for none; not one of the agent's own
 * @out_of_memory: the kernel's out-of-memory killer was at work in its cgroup
 * @has_reported_code: whether a line reports an exit code
 * @reported_code: that code
 * @declared: what the sender put for the reason
 * @declared_reason: the reason, where @declared is %CD_DECLARED_REASON
 * @declared_initiator: the initiator that the sender named or that was configured
 *
 * What was observed when a connection ended. Filled where it is seen; zero means nothing seen.
 */
typedef struct _CdEvidence
{
  CdSite site;
  CdPhase phase;
  CdCloser closer;
  CdCause cause;
  CdText text;
  const GError *error;
  gint error_number;
  guint ssh_code;
  gboolean has_websocket_end;
  guint websocket_code;
  CdText websocket_reason;
  gboolean stream_closed_first;
  guint http_status;
  CdText http_message;
  gboolean has_exit_status;
  gint64 exit_status;
  gint signal_number;
  gboolean out_of_memory;
  gboolean has_reported_code;
  gint64 reported_code;
  CdDeclared declared;
  CdReason declared_reason;
  CdInitiator declared_initiator;
} CdEvidence;

/**
 * The one cause that the evidence amounts to.
 *
 * @innermost: (out): the part of the evidence's text that decided; absent where no text did
 */
CdCause cd_evidence_get_cause(const CdEvidence *self, CdText *innermost);

#endif
