/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "disconnect/cause-pattern.h"

typedef CdCause (*PatternReader)(CdText after);

typedef struct _Pattern
{
  CdText text;
  PatternReader read; /* of what follows; CD_CAUSE_NONE where no code follows */
  gboolean is_whole;  /* nobody wraps it */
} Pattern;

typedef struct _CloseStatus
{
  const gchar *name;
  guint code;
} CloseStatus;

/* The names that Coder's websocket library prints. */
static const CloseStatus close_statuses[] = {
  { "StatusNormalClosure", 1000 },
  { "StatusGoingAway", 1001 },
  { "StatusProtocolError", 1002 },
  { "StatusUnsupportedData", 1003 },
  { "StatusNoStatusRcvd", 1005 },
  { "StatusAbnormalClosure", 1006 },
  { "StatusInvalidFramePayloadData", 1007 },
  { "StatusPolicyViolation", 1008 },
  { "StatusMessageTooBig", 1009 },
  { "StatusMandatoryExtension", 1010 },
  { "StatusInternalError", 1011 },
  { "StatusServiceRestart", 1012 },
  { "StatusTryAgainLater", 1013 },
  { "StatusBadGateway", 1014 },
  { "StatusTLSHandshake", 1015 },
};

static CdText
_leading(CdText text, gboolean (*accept)(gchar))
{
  gsize length = 0;

  while (length < text.length && accept(text.data[length]))
    length++;
  return cd_text_head(text, length);
}

static gboolean
_is_number(gchar c)
{
  return g_ascii_isdigit(c) || c == '-';
}

static gboolean
_is_word(gchar c)
{
  return g_ascii_isalnum(c);
}

static gboolean
_read_number(CdText after, gint64 *number, CdText *rest)
{
  CdText digits = _leading(after, _is_number);

  *rest = cd_text_skip(after, digits.length);
  return cd_text_to_integer(digits, number);
}

static gboolean
_read_code(CdText after, guint *code, CdText *rest)
{
  gint64 number;

  if (!_read_number(after, &number, rest) || number < 0 || number > G_MAXUINT16)
    return FALSE;
  *code = (guint) number;
  return TRUE;
}

static gboolean
_read_close_status(CdText after, guint *code, CdText *rest)
{
  const CdText numbered = CD_TEXT("StatusCode(");
  CdText name = _leading(after, _is_word);

  if (cd_text_has_prefix(after, numbered))
    return _read_code(cd_text_skip(after, numbered.length), code, rest);
  *rest = cd_text_skip(after, name.length);
  for (gsize i = 0; i < G_N_ELEMENTS(close_statuses); i++)
    if (cd_text_is(name, close_statuses[i].name))
      {
        *code = close_statuses[i].code;
        return TRUE;
      }
  return FALSE;
}

static CdText
_read_quoted(CdText text)
{
  const gchar *open = memchr(text.data, '"', text.length);
  const gchar *close = memrchr(text.data, '"', text.length);

  return open && close > open ? cd_text_between(open + 1, close) : CD_TEXT("");
}

static CdCause
_from_close_frame(CdText after)
{
  CdText rest;
  guint code;

  if (!_read_close_status(after, &code, &rest))
    return CD_CAUSE_NONE;
  return cd_cause_from_websocket_code(code, _read_quoted(rest));
}

static CdCause
_from_ssh_disconnect(CdText after)
{
  CdText rest;
  guint code;

  if (!_read_code(after, &code, &rest) || (rest.length && rest.data[0] != ':'))
    return CD_CAUSE_NONE;
  return cd_cause_from_ssh_code(code);
}

static CdCause
_from_http_status(CdText after)
{
  CdText message;
  guint status;

  if (!_read_code(after, &status, &message))
    return CD_CAUSE_NONE;
  return cd_cause_from_http_status(status, message);
}

static CdCause
_from_exit_status(CdText after)
{
  CdText rest;
  gint64 status;

  if (!_read_number(after, &status, &rest) || !cd_text_is_empty(rest))
    return CD_CAUSE_NONE;
  return cd_cause_from_exit_status(status);
}

static CdCause
_from_signal(CdText after)
{
  return cd_cause_from_signal_text(after);
}

#define PATTERN(text, read, is_whole)                                                              \
  {                                                                                                \
    { (text), sizeof(text) - 1 }, (read), (is_whole)                                               \
  }

static const Pattern patterns[] = {
  PATTERN("received close frame: status = ", _from_close_frame, FALSE),
  PATTERN("ssh: disconnect, reason ", _from_ssh_disconnect, FALSE),
  PATTERN("unexpected status code ", _from_http_status, FALSE),
  PATTERN("expected handshake response status code 101 but got ", _from_http_status, FALSE),
  PATTERN("process exited with error status: ", _from_exit_status, TRUE),
  PATTERN("exit status ", _from_exit_status, FALSE),
  PATTERN("signal: ", _from_signal, FALSE),
};

/* A layer begins at the start, behind ": " or on a new line. */
static gboolean
_is_layer_start(CdText text, const gchar *at)
{
  return at == text.data || at[-1] == '\n'
         || (at - text.data >= 2 && at[-1] == ' ' && at[-2] == ':');
}

/* Reads what follows a pattern. Returns: where the pattern begins, %NULL where it does not occur
 * or no code follows. */
static const gchar *
_match(const Pattern *pattern, CdText text, CdCause *cause)
{
  const gchar *at = cd_text_find(text, pattern->text);

  if (!at || (pattern->is_whole ? at != text.data : !_is_layer_start(text, at)))
    return NULL;
  *cause = pattern->read(cd_text_between(at + pattern->text.length, text.data + text.length));
  return *cause == CD_CAUSE_NONE ? NULL : at;
}

gboolean
cd_cause_pattern_match(CdText text, CdCause *cause, CdText *innermost)
{
  const gchar *first = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS(patterns); i++)
    {
      CdCause candidate;
      const gchar *at = _match(&patterns[i], text, &candidate);
      if (!at || (first && at > first))
        continue;
      first = at;
      *cause = candidate;
    }
  if (first)
    *innermost = cd_text_between(first, text.data + text.length);
  return first != NULL;
}
