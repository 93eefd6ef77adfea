/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "disconnect/redact.h"

#include "disconnect/secret-value.h"
#include "disconnect/secret.h"

/* One changes the text, and the next one finds nothing, as a rule. */
#define PASSES_MAX 4

/* The gate looks at 16 places at a time, and at three bytes behind each. */
typedef guint8 Block __attribute__((vector_size(16)));
#define BLOCK_REACH (sizeof(Block) + 3)
#define BLOCK_OF(c) ((Block) { c, c, c, c, c, c, c, c, c, c, c, c, c, c, c, c })
#define IS(block, c) ((Block) ((block) == BLOCK_OF(c)))

static inline Block
_load(const gchar *at)
{
  Block block;

  memcpy(&block, at, sizeof(block));
  return block;
}

/* Marks the places of what every secret but those with a hyphen has: the least common letters of
 * the names and schemes in lower case, and signs. A mark too many costs time, nothing else. */
static inline Block
_mark(const gchar *at)
{
  const Block low = BLOCK_OF(0x20);
  const Block first = _load(at);
  const Block fourth = _load(at + 3);
  const Block a = first | low;
  const Block b = _load(at + 1) | low;
  const Block c = _load(at + 2) | low;
  const Block d = fourth | low;
  Block marks = IS(c, 'k') & IS(a, 't'); /* token */

  marks |= IS(d, 'k') & IS(a, 'c');                                   /* cookie */
  marks |= IS(a, 'a') & IS(c, 'i') & IS(d, 'a');                      /* AKIA, ASIA */
  marks |= IS(b, 'w') & (IS(a, 'p') | IS(a, 'j'));                    /* pwd, jwt */
  marks |= IS(a, 'p') & IS(b, 'a') & IS(c, 's');                      /* password, pass */
  marks |= IS(a, 'g') & IS(b, 'n') & IS(d, 't');                      /* signature */
  marks |= IS(a, 'c') & IS(b, 'r');                                   /* secret, credential */
  marks |= IS(a, 'e') & IS(b, 'y');                                   /* key, eyJ */
  marks |= IS(a, 'i') & IS(b, 'z') & IS(c, 'a');                      /* authorization */
  marks |= IS(a, 'b') & (IS(d, 'r') | IS(d, 'i'));                    /* bearer, basic */
  marks |= IS(first, '\\');                                           /* an escape inside of one */
  return marks | IS(fourth, '@') | IS(fourth, '%') | IS(fourth, '_'); /* u@h, %40, ghp_ */
}

static inline gboolean
_has_mark(Block marks)
{
  guint64 halves[2];

  memcpy(halves, &marks, sizeof(halves));
  return (halves[0] | halves[1]) != 0;
}

static gboolean
_has_mark_in_short(CdText text)
{
  gchar padded[BLOCK_REACH] = { 0 };

  memcpy(padded, text.data, text.length);
  return _has_mark(_mark(padded));
}

/* No secret begins in the last three bytes. */
static gboolean
_has_mark_anywhere(CdText text)
{
  Block marks = { 0 };

  if (text.length < BLOCK_REACH)
    return text.length && _has_mark_in_short(text);
  for (gsize at = 0; at + BLOCK_REACH <= text.length; at += sizeof(Block))
    marks |= _mark(text.data + at);
  return _has_mark(marks | _mark(text.data + text.length - BLOCK_REACH));
}

/* Of a token of Slack or GitLab. */
static gboolean
_is_prefix_end(const gchar *last_four)
{
  return memcmp(last_four, "xox", 3) == 0 || memcmp(last_four, "xapp", 4) == 0
         || memcmp(last_four, "lpat", 4) == 0;
}

/* What has a hyphen: a session token, a Slack token, a private key. */
static gboolean
_has_hyphened(CdText text)
{
  const gchar *end = text.data + text.length;

  for (const gchar *at = text.data; at < end; at++)
    {
      CdSecret secret;
      gsize before;

      at = memchr(at, '-', (gsize) (end - at));
      if (!at)
        return FALSE;
      before = (gsize) (at - text.data);
      if (end - at > 1 && at[1] == '-')
        return TRUE;
      if (before >= 4 && _is_prefix_end(at - 4))
        return TRUE;
      if (before >= 10 && end - at > 1 && g_ascii_isalnum(at[1])
          && cd_secret_find_session_token(text, before - 10, &secret))
        return TRUE;
    }
  return FALSE;
}

gboolean
cd_redact_may_matter(CdText text)
{
  return _has_mark_anywhere(text) || (text.length && _has_hyphened(text));
}

/* Digits of an escape by its letter. */
static gsize
_n_digits(gchar letter)
{
  switch (letter)
    {
    case 'x':
      return 2;
    case 'u':
      return 4;
    case 'U':
      return 8;
    default:
      return 0;
    }
}

/* Length of an escape by number, 0 for anything else; @c receives the character. */
static gsize
_match_escape(CdText text, guint32 *c)
{
  gsize n_digits = text.length > 2 && text.data[0] == '\\' ? _n_digits(text.data[1]) : 0;

  *c = 0;
  if (n_digits == 0 || text.length < 2 + n_digits)
    return 0;
  for (gsize i = 2; i < 2 + n_digits; i++)
    {
      if (!g_ascii_isxdigit(text.data[i]))
        return 0;
      *c = *c << 4 | (guint32) g_ascii_xdigit_value(text.data[i]);
    }
  return 2 + n_digits;
}

/* What colours a terminal behind its ESC. */
static gsize
_span_colour(CdText text)
{
  gsize length = 1;

  if (text.length < 2 || text.data[0] != '[')
    return 0;
  while (length < text.length && (g_ascii_isdigit(text.data[length]) || text.data[length] == ';'))
    length++;
  return length < text.length && g_ascii_isalpha(text.data[length]) ? length + 1 : 0;
}

/* Takes what a reader sees as one character, or does not see at all: *@seen is 0 then. */
static gsize
_take(CdText text, gchar *seen)
{
  guint32 c;
  gsize taken = _match_escape(text, &c);

  *seen = taken ? 0 : text.data[0];
  if (c == 0x1b)
    taken += _span_colour(cd_text_skip(text, taken));
  else if (c >= 0x20 && c < 0x7f)
    *seen = (gchar) c;
  return MAX(taken, 1);
}

/* The text without its escapes, as the rules have it. A NUL is a byte like others. */
static GString *
_see(CdText text)
{
  GString *seen = g_string_sized_new(text.length);

  while (text.length)
    {
      gchar c;
      gboolean is_nul = text.data[0] == '\0';

      text = cd_text_skip(text, _take(text, &c));
      if (c || is_nul)
        g_string_append_c(seen, c);
    }
  return seen;
}

/* How many bytes of the text @n_seen of its seen characters take. */
static gsize
_span_seen(CdText text, gsize n_seen, gboolean has_escapes)
{
  CdText rest = text;

  if (!has_escapes)
    return n_seen;
  while (n_seen)
    {
      gchar c;
      gboolean is_nul = rest.data[0] == '\0';

      rest = cd_text_skip(rest, _take(rest, &c));
      n_seen -= c || is_nul;
    }
  return text.length - rest.length;
}

static gboolean
_find_at(CdText seen, gsize at, CdSecret *secret)
{
  if (at + 10 < seen.length && cd_value_is_in(seen.data[at + 10], "-%")
      && cd_secret_find_session_token(seen, at, secret))
    return TRUE;
  switch (seen.data[at])
    {
    case ':':
    case '%':
      return cd_secret_find_userinfo(seen, at, secret);
    case 'b':
    case 'B':
      return cd_secret_find_credentials(seen, at, secret);
    case 'A':
    case '-':
    case 'e':
    case 'g':
    case 'n':
    case 's':
    case 'x':
      if (cd_secret_find_marked(seen, at, secret))
        return TRUE;
      break;
    }
  return seen.data[at] && strchr("acdejlmpstACDEJLMPST", seen.data[at])
         && cd_secret_find_named(seen, at, secret);
}

/* What nobody sees before the next character. */
static gsize
_span_unseen(CdText text)
{
  CdText rest = text;
  gchar c = 0;

  while (rest.length && rest.data[0] == '\\')
    {
      gsize taken = _take(rest, &c);

      if (c)
        break;
      rest = cd_text_skip(rest, taken);
    }
  return text.length - rest.length;
}

/* What is behind a NUL counts, and how much there is takes no time. */
static gboolean
_ends_in_redacted(const GString *out)
{
  const gsize length = strlen(CD_REDACTED);

  return out->len >= length && memcmp(out->str + out->len - length, CD_REDACTED, length) == 0;
}

/* Two secrets in a row are one. Returns: how much of @rest is done. */
static gsize
_append_secret(GString *out, CdText rest, const CdSecret *secret, gboolean has_escapes)
{
  gsize kept = _span_seen(rest, secret->keep, has_escapes);

  g_string_append_len(out, rest.data, (gssize) kept);
  if (kept || !_ends_in_redacted(out))
    g_string_append(out, CD_REDACTED);
  kept += _span_seen(cd_text_skip(rest, kept), secret->hide, has_escapes);
  return kept + _span_unseen(cd_text_skip(rest, kept));
}

/* @seen is @text without its escapes, or the same. Nothing left of a secret that was found says
 * anything about the next one: nobody will see it. */
static void
_append(GString *out, CdText text, CdText seen)
{
  gboolean has_escapes = text.length != seen.length;
  gsize at = 0;

  while (at < seen.length)
    {
      CdSecret secret;

      if (!_find_at(seen, at, &secret))
        {
          at++;
          continue;
        }
      secret.keep += at;
      text = cd_text_skip(text, _append_secret(out, text, &secret, has_escapes));
      seen = cd_text_skip(seen, secret.keep + secret.hide);
      at = 0;
    }
  g_string_append_len(out, text.data, (gssize) text.length);
}

static GString *
_redact_once(CdText text)
{
  g_autoptr(GString) seen = NULL;
  GString *out = g_string_sized_new(text.length);

  if (text.length && memchr(text.data, '\\', text.length))
    seen = _see(text);
  _append(out, text, seen ? (CdText) { seen->str, seen->len } : text);
  return out;
}

/* What one rule hides can be what another one did not find anything for: a text is shown when all
 * of them leave it as it is, and not at all when they do not come to that. */
static GString *
_redact(CdText text, guint n_passes)
{
  g_autoptr(GString) once = _redact_once(text);
  const CdText shown = { once->str, once->len };

  if (cd_text_equal(shown, text))
    return g_steal_pointer(&once);
  return n_passes ? _redact(shown, n_passes - 1) : g_string_new(CD_REDACTED);
}

void
cd_redact_append(GString *out, CdText text)
{
  g_autoptr(GString) redacted = _redact(text, PASSES_MAX);

  g_string_append_len(out, redacted->str, (gssize) redacted->len);
}
