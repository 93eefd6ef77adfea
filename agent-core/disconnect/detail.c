/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "disconnect/detail.h"

#include "disconnect/redact.h"

#define ELLIPSIS "\xe2\x80\xa6"

/* The longest escape: \UXXXXXXXX; a UTF-8 character has four bytes at most. */
#define PIECE_MAX 12

/* A cut can make a secret of what was none; each further one is further to the left. */
#define CUTS_MAX 4

#define EVERY_BYTE(byte) (G_GUINT64_CONSTANT(0x0101010101010101) * (byte))

/* Each term sets the high bit of a byte that is not printable ASCII; a borrow can only add
 * further marks, never hide one. */
static gboolean
_is_word_plain(guint64 word)
{
  guint64 below_space = (word - EVERY_BYTE(0x20)) & ~word;
  guint64 delete_character = word + EVERY_BYTE(0x01);

  return ((word | below_space | delete_character) & EVERY_BYTE(0x80)) == 0;
}

static gboolean
_is_plain_at(const gchar *data)
{
  guint64 word;

  memcpy(&word, data, sizeof(word));
  return _is_word_plain(word);
}

static gboolean
_is_short_plain(CdText text)
{
  for (gsize i = 0; i < text.length; i++)
    if ((guchar) text.data[i] < 0x20 || (guchar) text.data[i] >= 0x7f)
      return FALSE;
  return TRUE;
}

/* The last word may overlap the one before. */
static gboolean
_is_printable_ascii(CdText text)
{
  if (text.length < sizeof(guint64))
    return _is_short_plain(text);
  for (gsize at = 0; at + sizeof(guint64) < text.length; at += sizeof(guint64))
    if (!_is_plain_at(text.data + at))
      return FALSE;
  return _is_plain_at(text.data + text.length - sizeof(guint64));
}

gboolean
cd_detail_is_plain(CdText text)
{
  return text.length <= CD_DETAIL_MAX && _is_printable_ascii(text);
}

gboolean
cd_detail_is_plain_words(CdText text)
{
  return cd_detail_is_plain(text) && !cd_redact_may_matter(text);
}

/* What a reader does not see: it turns the text around, breaks the line, or hides in it. Unicode's
 * type Cf has the marks of direction, the joiners, the byte order mark and the tags. */
static gboolean
_is_invisible(gunichar c)
{
  switch (g_unichar_type(c))
    {
    case G_UNICODE_FORMAT:
    case G_UNICODE_LINE_SEPARATOR:
    case G_UNICODE_PARAGRAPH_SEPARATOR:
      return TRUE;
    default:
      return (c >= 0x2060 && c <= 0x206f) || (c >= 0xe0000 && c <= 0xe0fff);
    }
}

static gsize
_escape_character(gunichar c, gchar *piece)
{
  return (gsize) g_snprintf(piece, PIECE_MAX, c > 0xffff ? "\\U%08x" : "\\u%04x", c);
}

static gsize
_escape_control(gunichar c, gchar *piece)
{
  switch (c)
    {
    case '\n':
      return g_strlcpy(piece, "\\n", PIECE_MAX);
    case '\r':
      return g_strlcpy(piece, "\\r", PIECE_MAX);
    case '\t':
      return g_strlcpy(piece, "\\t", PIECE_MAX);
    default:
      return c < 0x80 ? (gsize) g_snprintf(piece, PIECE_MAX, "\\x%02x", c)
                      : _escape_character(c, piece);
    }
}

/* Writes the next character of @text, made safe, to @piece; returns how many bytes it took. */
static gsize
_next_piece(CdText text, gchar *piece, gsize *piece_length)
{
  gunichar c = g_utf8_get_char_validated(text.data, (gssize) text.length);
  gsize taken;

  if (text.data[0] == '\0')
    c = 0;
  else if (c == (gunichar) -1 || c == (gunichar) -2)
    {
      *piece_length = (gsize) g_snprintf(piece, PIECE_MAX, "\\x%02x", (guchar) text.data[0]);
      return 1;
    }
  taken = c ? (gsize) g_unichar_to_utf8(c, NULL) : 1;
  if (c < 0x20 || (c >= 0x7f && c < 0xa0))
    *piece_length = _escape_control(c, piece);
  else if (_is_invisible(c))
    *piece_length = _escape_character(c, piece);
  else
    memcpy(piece, text.data, *piece_length = taken);
  return taken;
}

void
cd_detail_append(GString *out, CdText text)
{
  gsize limit = out->len + CD_DETAIL_MAX;
  gsize cut_at = out->len; /* where an ellipsis still fits */

  while (text.length)
    {
      gchar piece[PIECE_MAX];
      gsize piece_length;
      gsize taken = _next_piece(text, piece, &piece_length);

      if (out->len + piece_length > limit)
        {
          g_string_truncate(out, cut_at);
          g_string_append(out, ELLIPSIS);
          return;
        }
      g_string_append_len(out, piece, (gssize) piece_length);
      if (out->len + strlen(ELLIPSIS) <= limit)
        cut_at = out->len;
      text = cd_text_skip(text, taken);
    }
}

/* The whole text: what the cut takes away can tell that the rest is a secret. */
static GString *
_escape(CdText text)
{
  GString *escaped = g_string_sized_new(text.length);

  if (_is_printable_ascii(text))
    return g_string_append_len(escaped, text.data, (gssize) text.length);
  while (text.length)
    {
      gchar piece[PIECE_MAX];
      gsize piece_length;

      text = cd_text_skip(text, _next_piece(text, piece, &piece_length));
      g_string_append_len(escaped, piece, (gssize) piece_length);
    }
  return escaped;
}

static GString *
_redact(CdText escaped)
{
  GString *redacted = g_string_sized_new(escaped.length);

  cd_redact_append(redacted, escaped);
  return redacted;
}

static GString *
_cut(CdText text)
{
  GString *cut = g_string_sized_new(CD_DETAIL_MAX);

  cd_detail_append(cut, text);
  return cut;
}

static GString *
_clean_words(CdText text)
{
  g_autoptr(GString) escaped = _escape(text);
  GString *clean = _redact((CdText) { escaped->str, escaped->len });

  for (guint i = 0; i < CUTS_MAX && clean->len > CD_DETAIL_MAX; i++)
    {
      g_autoptr(GString) whole = clean;
      g_autoptr(GString) cut = _cut((CdText) { whole->str, whole->len });

      clean = _redact((CdText) { cut->str, cut->len });
    }
  return clean;
}

void
cd_detail_append_words(GString *out, CdText text)
{
  g_autoptr(GString) clean = NULL;

  if (cd_detail_is_plain_words(text))
    {
      g_string_append_len(out, text.data, (gssize) text.length);
      return;
    }
  clean = _clean_words(text);
  cd_detail_append(out, (CdText) { clean->str, clean->len });
}

void
cd_detail_append_part(GString *out, CdText part, CdText whole)
{
  g_autoptr(GString) escaped = _escape(whole);
  g_autoptr(GString) redacted = _redact((CdText) { escaped->str, escaped->len });
  g_autoptr(GString) alone = _escape(part);
  g_autoptr(GString) clean = _redact((CdText) { alone->str, alone->len });

  if (strstr(redacted->str, clean->str))
    cd_detail_append_words(out, part);
  else
    g_string_append(out, CD_REDACTED);
}
