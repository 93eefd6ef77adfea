/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "proof.h"

/* More numbers of errors and signals than any kernel has. */
#define ERRNO_MAX 4096
#define SIGNAL_MAX 64

/* A process reports 8 bits; Windows has more. */
#define EXIT_STATUS_MAX G_GINT64_CONSTANT(4294967295)

static gboolean
_read_number(CdText value, gint64 min, gint64 max, gint64 *number)
{
  return cd_text_to_integer(value, number) && *number >= min && *number <= max;
}

/* Numbers from 1 on that have names. */
typedef struct _Names
{
  gint max;
  CdText prefix; /* which a name may have */
  const gchar *(*get_name)(gint number);
} Names;

static gint
_find_name(const Names *names, CdText name)
{
  if (cd_text_has_prefix(name, names->prefix))
    name = cd_text_skip(name, names->prefix.length);
  for (gint i = 1; i <= names->max; i++)
    {
      const gchar *known = names->get_name(i);
      if (known && cd_text_is(name, known))
        return i;
    }
  return 0;
}

static gboolean
_read_named(const Names *names, CdText value, gint *number)
{
  gint64 given;

  *number = _read_number(value, 1, names->max, &given) ? (gint) given : _find_name(names, value);
  return *number != 0;
}

static gboolean
_read_errno(CdEvidence *evidence, CdText value)
{
  const Names names = { ERRNO_MAX, CD_TEXT_NONE, strerrorname_np };

  return _read_named(&names, value, &evidence->error_number);
}

static gboolean
_read_exit_status(CdEvidence *evidence, CdText value)
{
  evidence->has_exit_status = TRUE;
  return _read_number(value, -1, EXIT_STATUS_MAX, &evidence->exit_status);
}

static gboolean
_read_signal(CdEvidence *evidence, CdText value)
{
  const Names names = { SIGNAL_MAX, CD_TEXT("SIG"), sigabbrev_np };

  return _read_named(&names, value, &evidence->signal_number);
}

static gboolean
_read_boolean(CdText value, gboolean *flag)
{
  *flag = cd_text_is(value, "true");
  return *flag || cd_text_is(value, "false");
}

static gboolean
_read_out_of_memory(CdEvidence *evidence, CdText value)
{
  return _read_boolean(value, &evidence->out_of_memory);
}

static gboolean
_read_code(CdText value, guint min, guint max, guint *code)
{
  gint64 number;

  if (!_read_number(value, min, max, &number))
    return FALSE;
  *code = (guint) number;
  return TRUE;
}

static gboolean
_read_ssh_code(CdEvidence *evidence, CdText value)
{
  return _read_code(value, 1, G_MAXUINT32, &evidence->ssh_code);
}

static gboolean
_read_websocket_code(CdEvidence *evidence, CdText value)
{
  evidence->has_websocket_end = TRUE;
  return _read_code(value, 0, 4999, &evidence->websocket_code);
}

static gboolean
_read_websocket_reason(CdEvidence *evidence, CdText value)
{
  evidence->has_websocket_end = TRUE;
  evidence->websocket_reason = value;
  return TRUE;
}

static gboolean
_read_http_status(CdEvidence *evidence, CdText value)
{
  return _read_code(value, 100, 599, &evidence->http_status);
}

static gboolean
_read_http_message(CdEvidence *evidence, CdText value)
{
  evidence->http_message = value;
  return TRUE;
}

static gboolean
_read_error(CdEvidence *evidence, CdText value)
{
  evidence->text = value;
  return TRUE;
}

static gboolean
_read_closer(CdEvidence *evidence, CdText value)
{
  evidence->closer = cd_text_is(value, "agent") ? CD_CLOSER_AGENT : CD_CLOSER_SERVER;
  return evidence->closer == CD_CLOSER_AGENT || cd_text_is(value, "server");
}

static gboolean
_read_phase(CdEvidence *evidence, CdText value)
{
  static const gchar *const names[] = { "open", "before_first", "first_message" };
  G_STATIC_ASSERT(G_N_ELEMENTS(names) == CD_N_PHASES);

  for (guint i = 0; i < CD_N_PHASES; i++)
    if (cd_text_is(value, names[i]))
      {
        evidence->phase = i;
        return TRUE;
      }
  return FALSE;
}

static const CdProof proofs[] = {
  { "error", "any text", "Text of an error, as a program prints it", _read_error },
  { "errno", "a number or a name like ECONNRESET", "Error of a socket call", _read_errno },
  { "exit_status", "-1 to 4294967295", "Exit status of the program", _read_exit_status },
  { "signal", "1 to 64 or a name like KILL", "Signal that ended the program", _read_signal },
  { "out_of_memory", "true or false", "The kernel's out-of-memory killer was at work",
    _read_out_of_memory },
  { "ssh_code", "a number from 1 on", "Code of SSH_MSG_DISCONNECT", _read_ssh_code },
  { "websocket_code", "0 to 4999; 0 for an end without a close frame", "Status of the close frame",
    _read_websocket_code },
  { "websocket_reason", "any text", "Text of the close frame", _read_websocket_reason },
  { "http_status", "100 to 599", "Answer to the upgrade", _read_http_status },
  { "http_message", "any text", "Message of that answer", _read_http_message },
  { "closer", "agent or server", "Who was closing already when the end was seen", _read_closer },
  { "phase", "open, before_first or first_message", "How far the connection had come",
    _read_phase },
};

const CdProof *
cd_proofs(guint *n_proofs)
{
  *n_proofs = G_N_ELEMENTS(proofs);
  return proofs;
}

const CdProof *
cd_proof_find(CdText key)
{
  for (guint i = 0; i < G_N_ELEMENTS(proofs); i++)
    if (cd_text_is(key, proofs[i].name))
      return &proofs[i];
  return NULL;
}
