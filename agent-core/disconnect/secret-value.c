/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where a secret ends that only its surroundings give away, and what is a word instead. */
#include "disconnect/secret-value.h"

#include "disconnect/redact.h"
#include "disconnect/secret.h"

/* What is looked at to tell a word of prose: it may be done behind each name. */
#define WORD_MAX 256

#define UNWORDLY_MIN 6
#define CREDENTIALS_MIN 8
#define LONGER_THAN_WORDS 24

gboolean
cd_value_matches_code(CdText text, const gchar *digits)
{
  return text.length >= 3 && text.data[0] == '%'
         && g_ascii_strncasecmp(text.data + 1, digits, 2) == 0;
}

gsize
cd_value_span_blanks(CdText text)
{
  gsize at = 0;

  for (;;)
    if (at < text.length && (text.data[at] == ' ' || text.data[at] == '\t'))
      at++;
    else if (at + 1 < text.length && text.data[at] == '\\'
             && cd_value_is_in(text.data[at + 1], "nrt"))
      at += 2;
    else
      return at;
}

gsize
cd_value_span_backslashes(CdText text)
{
  gsize length = 0;

  while (length < text.length && text.data[length] == '\\')
    length++;
  return length;
}

/* Whether a quote behind so many backslashes ends what began with one behind @n_opening: each
 * level of quoting doubles the backslashes inside and adds one. */
static gboolean
_closes(gsize n, gsize n_opening)
{
  for (; n_opening && n % 2; n_opening /= 2)
    n /= 2;
  return n % 2 == 0;
}

gsize
cd_value_find_closing(CdText text, gchar quote, gsize n_backslashes)
{
  gsize n = 0;

  for (gsize at = 0; at < text.length; at++)
    {
      if (text.data[at] == quote && _closes(n, n_backslashes))
        return at - MIN(n, n_backslashes);
      n = text.data[at] == '\\' ? n + 1 : 0;
    }
  return text.length;
}

static gboolean
_begins_with_quote(CdText text)
{
  text = cd_text_skip(text, cd_value_span_backslashes(text));
  return text.length && cd_value_is_quote(text.data[0]);
}

/* Of a name, or of what is or was redacted in one; 0 for anything else. */
static gsize
_span_name_piece(CdText text)
{
  gsize key = cd_secret_span_private_key(text);

  if (key)
    return key;
  if (cd_text_has_prefix(text, CD_TEXT(CD_REDACTED)))
    return strlen(CD_REDACTED);
  return text.length && (g_ascii_isalnum(text.data[0]) || cd_value_is_in(text.data[0], "_-."));
}

/* Whether the list goes on behind its comma: a blank, a quotation, the next parameter. */
static gboolean
_is_separator(CdText rest)
{
  gsize name = 0;
  gsize piece;

  if (rest.length == 0 || cd_value_span_blanks(rest) || _begins_with_quote(rest))
    return TRUE;
  while ((piece = _span_name_piece(cd_text_skip(rest, name))))
    name += piece;
  return name && name < rest.length && cd_value_is_in(rest.data[name], "=:");
}

static gboolean
_ends_value(CdText rest)
{
  switch (rest.data[0])
    {
    case ' ':
    case '&':
      return TRUE;
    case ',':
    case ';':
      return _is_separator(cd_text_skip(rest, 1));
    default:
      return FALSE;
    }
}

static gssize
_nesting(gchar c)
{
  if (cd_value_is_in(c, "([{<"))
    return 1;
  return cd_value_is_in(c, ")]}>") ? -1 : 0;
}

static gboolean
_ends_in_redacted(CdText text)
{
  return text.length >= strlen(CD_REDACTED)
         && cd_text_is(cd_text_skip(text, text.length - strlen(CD_REDACTED)), CD_REDACTED);
}

/* Without the punctuation of the sentence around it: quotes, brackets that nothing opens. */
static gsize
_strip(CdText value)
{
  gssize open = 0;

  for (gsize i = 0; i < value.length; i++)
    open += _nesting(value.data[i]);
  for (; value.length && !_ends_in_redacted(value); value.length--)
    {
      gchar last = value.data[value.length - 1];
      gboolean is_loose = _nesting(last) < 0 && open < 0;

      if (!is_loose && !cd_value_is_in(last, "\"'`\\:,;."))
        break;
      open += is_loose;
    }
  return value.length;
}

/* A blank behind a backslash is one of the value, as in a shell. */
static gsize
_span_piece(CdText rest)
{
  if (rest.data[0] == '\\')
    return rest.length > 1 && cd_value_is_in(rest.data[1], "\\ ") ? 2 : 1;
  return MAX(cd_secret_span_private_key(rest), 1);
}

gsize
cd_value_span_plain(CdText text)
{
  gsize length = 0;

  while (length < text.length && !_ends_value(cd_text_skip(text, length)))
    length += _span_piece(cd_text_skip(text, length));
  return _strip(cd_text_head(text, length));
}

/* A line that begins with a blank is a part of the one before. */
static gboolean
_ends_line(CdText rest)
{
  gsize at = 0;

  while (at + 1 < rest.length && rest.data[at] == '\\' && cd_value_is_in(rest.data[at + 1], "nr"))
    at += 2;
  return at && !cd_value_span_blanks(cd_text_skip(rest, at));
}

gsize
cd_value_span_line(CdText text)
{
  gsize length = 0;

  while (length < text.length && !_ends_line(cd_text_skip(text, length)))
    length++;
  return length;
}

/* Where a bracket closes that is not doubled, as the one in braces of ODBC is. */
static gsize
_find_bracket(CdText text, gchar closing)
{
  for (gsize at = 0; at < text.length; at++)
    {
      if (text.data[at] != closing)
        continue;
      if (closing != '}' || at + 1 >= text.length || text.data[at + 1] != closing)
        return at;
      at++;
    }
  return text.length;
}

/* With what stands at its end without a blank. */
gsize
cd_value_span_list(CdText text, gchar closing)
{
  gsize length = MIN(_find_bracket(text, closing) + 1, text.length);
  CdText rest = cd_text_skip(text, length);

  return length + cd_value_span_plain(cd_text_head(rest, cd_value_span_line(rest)));
}

static gboolean
_has_digit(CdText word)
{
  for (gsize i = 0; i < word.length; i++)
    if (g_ascii_isdigit(word.data[i]))
      return TRUE;
  return FALSE;
}

gboolean
cd_value_is_judged(CdText word)
{
  return cd_text_find(word, CD_TEXT(CD_REDACTED)) != NULL;
}

/* An address, a link, another parameter, the head of an error's next part. */
static gboolean
_is_technical(CdText word, CdText text)
{
  gsize n_letters = 0;

  for (gsize i = 0; i < word.length; i++)
    n_letters += g_ascii_isalpha(word.data[i]) != 0;
  if (n_letters == 0
      && (memchr(word.data, '.', word.length) || memchr(word.data, ':', word.length)))
    return TRUE;
  return cd_text_find(word, CD_TEXT("://")) || memchr(word.data, '=', word.length)
         || (text.length > word.length && text.data[word.length] == ':');
}

gboolean
cd_value_is_unwordly(CdText text)
{
  CdText word = cd_text_head(text, WORD_MAX);

  word.length = cd_value_span_plain(word);
  if (word.length < UNWORDLY_MIN || _is_technical(word, text) || cd_value_is_judged(word))
    return FALSE;
  return _has_digit(word) || word.length >= LONGER_THAN_WORDS;
}

static gboolean
_has_capital_inside(CdText word)
{
  for (gsize i = 1; i < word.length; i++)
    if (g_ascii_isupper(word.data[i]))
      return TRUE;
  return FALSE;
}

gboolean
cd_value_is_credentials(CdText word)
{
  if (word.length < CREDENTIALS_MIN || cd_value_is_judged(word))
    return FALSE;
  return _has_digit(word) || _has_capital_inside(word) || word.length >= LONGER_THAN_WORDS;
}

gboolean
cd_value_is_one_of(CdText word, const gchar *const *words)
{
  for (; *words; words++)
    if (word.length == strlen(*words) && g_ascii_strncasecmp(word.data, *words, word.length) == 0)
      return TRUE;
  return FALSE;
}
