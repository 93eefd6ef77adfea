/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Secrets that are known by their own form. */
#include "disconnect/secret.h"

#include "disconnect/redact.h"
#include "disconnect/secret-value.h"

/* Coder's API keys: an id and a secret. */
#define TOKEN_ID_LENGTH 10
#define TOKEN_SECRET_LENGTH 22

#define AUTHORITY_ENDS "/?# \t\r\n\"'`<>"

#define PEM_BEGIN CD_TEXT("-----BEGIN ")
#define PEM_END CD_TEXT("-----END ")
#define PEM_DASHES CD_TEXT("-----")

gboolean
cd_secret_is_boundary(CdText text, gsize at)
{
  if (at == 0 || !g_ascii_isalnum(text.data[at - 1]))
    return TRUE;
  if (at >= 2 && text.data[at - 2] == '\\')
    return cd_value_is_in(text.data[at - 1], "nrt");
  return at >= 3 && text.data[at - 3] == '%' && g_ascii_isxdigit(text.data[at - 2])
         && g_ascii_isxdigit(text.data[at - 1]);
}

/* Of a URL's part: to one of @stops, or to what was redacted. */
static gboolean
_ends_part(CdText text, gsize at, const gchar *stops)
{
  return at >= text.length || cd_value_is_in(text.data[at], stops)
         || cd_text_has_prefix(cd_text_skip(text, at), CD_TEXT(CD_REDACTED));
}

static gsize
_span_until(CdText text, const gchar *stops)
{
  gsize length = 0;

  while (!_ends_part(text, length, stops))
    length++;
  return length;
}

static gboolean
_set(CdSecret *secret, gsize keep, gsize hide)
{
  *secret = (CdSecret) { keep, hide };
  return hide > 0;
}

/* To where the next URL begins at the latest, so that no byte is looked at for two of them. */
static gsize
_span_url(CdText text)
{
  gsize length = 0;

  while (!_ends_part(text, length, " \"'`<>")
         && !cd_text_has_prefix(cd_text_skip(text, length), CD_TEXT("://")))
    length++;
  return length;
}

/* `u:p/w@host`: Go's complaint about a port that is none shows a password with a slash. */
static gsize
_span_broken_userinfo(CdText rest, gsize authority)
{
  const gchar *colon = memchr(rest.data, ':', authority);
  const gchar *sign;

  if (!colon || rest.data[0] == '[' || colon + 1 == rest.data + authority
      || g_ascii_isdigit(colon[1]))
    return 0;
  sign = memrchr(rest.data, '@', _span_url(rest));
  return sign ? (gsize) (sign - rest.data) : 0;
}

static gboolean
_find_literal_userinfo(CdText text, gsize at, CdSecret *secret)
{
  const CdText slashes = CD_TEXT("://");
  CdText rest = cd_text_skip(text, at);
  const gchar *sign;
  gsize authority;

  if (!cd_text_has_prefix(rest, slashes))
    return FALSE;
  rest = cd_text_skip(rest, slashes.length);
  authority = _span_until(rest, AUTHORITY_ENDS);
  sign = authority ? memrchr(rest.data, '@', authority) : NULL;
  if (sign)
    rest.length = (gsize) (sign - rest.data);
  else
    rest.length = authority ? _span_broken_userinfo(rest, authority) : 0;
  return _set(secret, slashes.length, rest.length);
}

static gboolean
_matches_code(CdText text, gsize at, const gchar *code)
{
  return at + 3 <= text.length && g_ascii_strncasecmp(text.data + at, code, 3) == 0;
}

static gboolean
_ends_encoded(CdText text, gsize at)
{
  return _ends_part(text, at, AUTHORITY_ENDS "&") || _matches_code(text, at, "%2F");
}

/* Inside a query: https%3A%2F%2Fuser%3Apassword%40host */
static gboolean
_find_encoded_userinfo(CdText text, gsize at, CdSecret *secret)
{
  const gsize slashes = strlen("%3A%2F%2F");
  CdText rest = cd_text_skip(text, at);
  gsize sign = 0;

  if (!_matches_code(rest, 0, "%3A") || !_matches_code(rest, 3, "%2F")
      || !_matches_code(rest, 6, "%2F"))
    return FALSE;
  rest = cd_text_skip(rest, slashes);
  for (gsize i = 0; !_ends_encoded(rest, i); i++)
    if (rest.data[i] == '@' || _matches_code(rest, i, "%40"))
      sign = i;
  return _set(secret, slashes, sign);
}

gboolean
cd_secret_find_userinfo(CdText text, gsize at, CdSecret *secret)
{
  return _find_literal_userinfo(text, at, secret) || _find_encoded_userinfo(text, at, secret);
}

static gsize
_span_alnum(CdText text, const gchar *others)
{
  gsize length = 0;

  while (length < text.length
         && (g_ascii_isalnum(text.data[length]) || cd_value_is_in(text.data[length], others)))
    length++;
  return length;
}

gboolean
cd_secret_find_session_token(CdText text, gsize at, CdSecret *secret)
{
  const gsize length = TOKEN_ID_LENGTH + 1 + TOKEN_SECRET_LENGTH;
  CdText rest = cd_text_head(cd_text_skip(text, at), length + strlen(CD_REDACTED));

  if (rest.length < length || rest.data[TOKEN_ID_LENGTH] != '-' || cd_value_is_judged(rest))
    return FALSE;
  return _span_alnum(cd_text_skip(rest, TOKEN_ID_LENGTH + 1), "") == TOKEN_SECRET_LENGTH
         && _span_alnum(rest, "") == TOKEN_ID_LENGTH && _set(secret, 0, length);
}

typedef struct _Mark
{
  CdText prefix;
  const gchar *others; /* than letters and digits, inside of it */
  gsize shortest;      /* behind the prefix */
  gboolean is_word;    /* nothing but a whole word is one */
} Mark;

#define MARK(prefix, others, shortest, is_word)                                                    \
  {                                                                                                \
    { (prefix), sizeof(prefix) - 1 }, (others), (shortest), (is_word)                              \
  }

/* clang-format off */
static const Mark marks[] = {
  MARK("eyJ", "-_.", 16, TRUE),  /* JSON in base64: a JSON web token */
  MARK("AKIA", "", 16, FALSE),    /* AWS */
  MARK("ghp_", "_", 16, FALSE),   /* GitHub, here and below */
  MARK("gho_", "_", 16, FALSE),
  MARK("ghu_", "_", 16, FALSE),
  MARK("ghs_", "_", 16, FALSE),
  MARK("ghr_", "_", 16, FALSE),
  MARK("github_pat_", "_", 16, FALSE),
  MARK("xoxa-", "-", 8, FALSE),   /* Slack, here and below */
  MARK("xoxb-", "-", 8, FALSE),
  MARK("xoxe-", "-", 8, FALSE),
  MARK("xoxo-", "-", 8, FALSE),
  MARK("xoxp-", "-", 8, FALSE),
  MARK("xoxr-", "-", 8, FALSE),
  MARK("xoxs-", "-", 8, FALSE),
};
/* clang-format on */

static gboolean
_find_prefixed(CdText text, gsize at, CdSecret *secret)
{
  CdText rest = cd_text_skip(text, at);

  for (gsize i = 0; i < G_N_ELEMENTS(marks); i++)
    {
      const Mark *mark = &marks[i];
      gsize body;

      if (!cd_text_has_prefix(rest, mark->prefix))
        continue;
      if (mark->is_word && !cd_secret_is_boundary(text, at))
        return FALSE;
      body = _span_alnum(cd_text_skip(rest, mark->prefix.length), mark->others);
      return body >= mark->shortest && _set(secret, 0, mark->prefix.length + body);
    }
  return FALSE;
}

/* "RSA PRIVATE KEY" */
static CdText
_get_label(CdText text)
{
  gsize length = 0;

  while (length < text.length
         && (g_ascii_isupper(text.data[length]) || g_ascii_isdigit(text.data[length])
             || text.data[length] == ' '))
    length++;
  return cd_text_head(text, length);
}

/* To the end of its last line, or of the text. */
static gsize
_span_key(CdText text)
{
  const gchar *end = cd_text_find(text, PEM_END);
  CdText rest;

  if (!end)
    return text.length;
  rest = cd_text_skip(text, (gsize) (end - text.data) + PEM_END.length);
  rest = cd_text_skip(rest, _get_label(rest).length);
  if (!cd_text_has_prefix(rest, PEM_DASHES))
    return text.length;
  return (gsize) (rest.data - text.data) + PEM_DASHES.length;
}

gsize
cd_secret_span_private_key(CdText text)
{
  CdText label;

  if (!cd_text_has_prefix(text, PEM_BEGIN))
    return 0;
  label = _get_label(cd_text_skip(text, PEM_BEGIN.length));
  return cd_text_find(label, CD_TEXT("PRIVATE KEY")) ? _span_key(text) : 0;
}

gboolean
cd_secret_find_marked(CdText text, gsize at, CdSecret *secret)
{
  return _set(secret, 0, cd_secret_span_private_key(cd_text_skip(text, at)))
         || _find_prefixed(text, at, secret);
}
