/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "slog/quote.h"

gsize
cd_quote_length(CdText text)
{
  for (gsize i = 1; i < text.length; i++)
    {
      if (text.data[i] == '"')
        return i + 1;
      if (text.data[i] == '\\')
        i++;
    }
  return 0;
}

static gboolean
_read_hex(CdText text, gsize digits, guint32 *value)
{
  *value = 0;
  if (text.length < digits)
    return FALSE;
  for (gsize i = 0; i < digits; i++)
    {
      gint digit = g_ascii_xdigit_value(text.data[i]);
      if (digit < 0)
        return FALSE;
      *value = *value << 4 | (guint32) digit;
    }
  return TRUE;
}

static gsize
_append_hex(GString *out, CdText escape, gsize digits)
{
  guint32 value;

  if (!_read_hex(cd_text_skip(escape, 1), digits, &value))
    return 0;
  if (digits == 2)
    g_string_append_c(out, (gchar) value);
  else if (g_unichar_validate(value))
    g_string_append_unichar(out, value);
  else
    g_string_append_unichar(out, 0xfffd);
  return 1 + digits;
}

/* @escape begins after the backslash. Returns how much of it was read, 0 for no valid escape. */
static gsize
_append_escape(GString *out, CdText escape)
{
  static const gchar letters[] = "abfnrtv\\\"'";
  static const gchar values[] = "\a\b\f\n\r\t\v\\\"'";
  const gchar *letter;

  if (cd_text_is_empty(escape) || !escape.data[0])
    return 0;
  letter = strchr(letters, escape.data[0]);
  if (letter)
    {
      g_string_append_c(out, values[letter - letters]);
      return 1;
    }
  switch (escape.data[0])
    {
    case 'x':
      return _append_hex(out, escape, 2);
    case 'u':
      return _append_hex(out, escape, 4);
    case 'U':
      return _append_hex(out, escape, 8);
    default:
      return 0;
    }
}

static gboolean
_unescape(GString *out, CdText text)
{
  while (text.length)
    {
      const gchar *backslash = memchr(text.data, '\\', text.length);
      gsize plain = backslash ? (gsize) (backslash - text.data) : text.length;
      gsize escape;

      g_string_append_len(out, text.data, (gssize) plain);
      text = cd_text_skip(text, plain);
      if (!text.length)
        return TRUE;
      text = cd_text_skip(text, 1);
      escape = _append_escape(out, text);
      if (!escape)
        return FALSE;
      text = cd_text_skip(text, escape);
    }
  return TRUE;
}

gboolean
cd_quote_read(CdText inside, CdStatement *storage, CdText *value)
{
  g_autoptr(GString) out = NULL;

  *value = inside;
  if (cd_text_is_empty(inside) || !memchr(inside.data, '\\', inside.length))
    return TRUE;
  out = g_string_sized_new(inside.length);
  if (!_unescape(out, inside))
    return FALSE;
  *value = cd_statement_store(storage, (CdText) { out->str, out->len });
  return TRUE;
}
