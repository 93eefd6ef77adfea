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

/* What ends a URL is followed by a sign or a blank. */
static gboolean
_is_quote_inside(CdText text, gsize at)
{
  return at + 1 < text.length && cd_value_is_quote(text.data[at])
         && g_ascii_isalnum(text.data[at + 1]);
}

/* `://`, as JSON may have it too. */
static gsize
_match_slashes(CdText text)
{
  if (cd_text_has_prefix(text, CD_TEXT("://")))
    return strlen("://");
  return cd_text_has_prefix(text, CD_TEXT(":\\/\\/")) ? strlen(":\\/\\/") : 0;
}

/* To where the next URL begins at the latest, so that no byte is looked at for two of them. */
static gsize
_span_url(CdText text)
{
  gsize length = 0;

  while ((!_ends_part(text, length, " \"'`<>") || _is_quote_inside(text, length))
         && !_match_slashes(cd_text_skip(text, length)))
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

/* Length of a code, of one that is encoded again too: %2F, %252F; 0 for anything else. */
static gsize
_match_code(CdText text, gsize at, const gchar *digits)
{
  CdText rest = cd_text_skip(text, at);

  if (cd_value_matches_code(rest, digits))
    return 3;
  if (!cd_value_matches_code(rest, "25") || rest.length < 5)
    return 0;
  return g_ascii_strncasecmp(rest.data + 3, digits, 2) == 0 ? 5 : 0;
}

/* `user:password%40host` */
static gsize
_span_userinfo_with_code(CdText rest, gsize authority)
{
  const gchar *colon = memchr(rest.data, ':', authority);
  gsize sign = 0;

  if (!colon)
    return 0;
  for (gsize i = (gsize) (colon - rest.data) + 1; i < authority; i++)
    if (_match_code(rest, i, "40"))
      sign = i;
  return sign;
}

static gsize
_span_userinfo(CdText rest)
{
  gsize authority = _span_until(rest, AUTHORITY_ENDS);
  const gchar *sign = authority ? memrchr(rest.data, '@', authority) : NULL;
  gsize broken;

  if (!authority)
    return 0;
  if (sign)
    return (gsize) (sign - rest.data);
  broken = _span_broken_userinfo(rest, authority);
  return broken ? broken : _span_userinfo_with_code(rest, authority);
}

static gboolean
_find_literal_userinfo(CdText text, gsize at, CdSecret *secret)
{
  CdText rest = cd_text_skip(text, at);
  gsize slashes = _match_slashes(rest);

  return slashes && _set(secret, slashes, _span_userinfo(cd_text_skip(rest, slashes)));
}

static gboolean
_ends_encoded(CdText text, gsize at)
{
  return _ends_part(text, at, AUTHORITY_ENDS "&") || _match_code(text, at, "2F");
}

/* Length of `%3A%2F%2F`. */
static gsize
_match_encoded_slashes(CdText text)
{
  gsize colon = _match_code(text, 0, "3A");
  gsize slash = colon ? _match_code(text, colon, "2F") : 0;
  gsize second = slash ? _match_code(text, colon + slash, "2F") : 0;

  return second ? colon + slash + second : 0;
}

/* Inside a query: https%3A%2F%2Fuser%3Apassword%40host */
static gboolean
_find_encoded_userinfo(CdText text, gsize at, CdSecret *secret)
{
  CdText rest = cd_text_skip(text, at);
  gsize slashes = _match_encoded_slashes(rest);
  gsize sign = 0;

  if (!slashes)
    return FALSE;
  rest = cd_text_skip(rest, slashes);
  for (gsize i = 0; !_ends_encoded(rest, i); i++)
    if (rest.data[i] == '@' || _match_code(rest, i, "40"))
      sign = i;
  return _set(secret, slashes, sign);
}

gboolean
cd_secret_find_userinfo(CdText text, gsize at, CdSecret *secret)
{
  return _find_literal_userinfo(text, at, secret) || _find_encoded_userinfo(text, at, secret);
}

/* Of a letter, a digit, or one of @others, where a dot and a hyphen may be encoded. */
static gsize
_span_one(CdText text, const gchar *others)
{
  if (!text.length)
    return 0;
  if (g_ascii_isalnum(text.data[0]) || cd_value_is_in(text.data[0], others))
    return 1;
  if ((cd_value_matches_code(text, "2E") && strchr(others, '.'))
      || (cd_value_matches_code(text, "2D") && strchr(others, '-')))
    return 3;
  return 0;
}

static gsize
_span_alnum(CdText text, const gchar *others)
{
  gsize length = 0;
  gsize one;

  while ((one = _span_one(cd_text_skip(text, length), others)) > 0)
    length += one;
  return length;
}

gboolean
cd_secret_find_session_token(CdText text, gsize at, CdSecret *secret)
{
  gsize hyphen = _span_one(cd_text_skip(text, at + TOKEN_ID_LENGTH), "-");
  gsize length = TOKEN_ID_LENGTH + hyphen + TOKEN_SECRET_LENGTH;
  CdText rest = cd_text_head(cd_text_skip(text, at), length + strlen(CD_REDACTED));

  if (rest.length < length || g_ascii_isalnum(rest.data[TOKEN_ID_LENGTH])
      || cd_value_is_judged(rest))
    return FALSE;
  return _span_alnum(cd_text_skip(rest, TOKEN_ID_LENGTH + hyphen), "") == TOKEN_SECRET_LENGTH
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
  MARK("AKIA", "", 16, FALSE),    /* AWS, here and below */
  MARK("ASIA", "", 16, FALSE),
  MARK("AIza", "-_", 35, FALSE),  /* Google */
  MARK("ghp_", "_", 16, FALSE),   /* GitHub, here and below */
  MARK("gho_", "_", 16, FALSE),
  MARK("ghu_", "_", 16, FALSE),
  MARK("ghs_", "_", 16, FALSE),
  MARK("ghr_", "_", 16, FALSE),
  MARK("github_pat_", "_", 16, FALSE),
  MARK("glpat-", "-_", 16, FALSE), /* GitLab */
  MARK("npm_", "", 30, FALSE),
  MARK("sk_live_", "", 16, FALSE), /* Stripe */
  MARK("xapp-", "-", 8, FALSE),   /* Slack, here and below */
  MARK("xoxa-", "-", 8, FALSE),
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
