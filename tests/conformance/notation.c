/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "notation.h"

#include <gio/gio.h>
#include <string.h>

typedef struct
{
  const gchar *name;
  const gchar *bytes;
  gsize length;
} Word;

/* clang-format off */
static const Word words[] = {
  { "lf", "\n", 1 },
  { "cr", "\r", 1 },
  { "tab", "\t", 1 },
  { "nul", "\0", 1 },
  { "esc", "\x1b", 1 },
  { "bom", "\xef\xbb\xbf", 3 },
  { "head", CONFORM_HEAD, sizeof(CONFORM_HEAD) - 1 },
  { "end", CONFORM_END, sizeof(CONFORM_END) - 1 },
};
/* clang-format on */

static gboolean _expand(const gchar *from, const gchar *to, GString *bytes, GError **error);

static gboolean
_add_word(const gchar *from, gsize length, GString *bytes)
{
  for (gsize i = 0; i < G_N_ELEMENTS(words); i++)
    if (strlen(words[i].name) == length && memcmp(words[i].name, from, length) == 0)
      {
        g_string_append_len(bytes, words[i].bytes, (gssize) words[i].length);
        return TRUE;
      }
  return FALSE;
}

static gboolean
_add_hexadecimal(const gchar *from, const gchar *to, GString *bytes)
{
  for (; from < to; from += 3)
    {
      if (to - from < 3 || from[0] != ' ' || !g_ascii_isxdigit(from[1])
          || !g_ascii_isxdigit(from[2]))
        return FALSE;
      g_string_append_c(
        bytes, (gchar) (g_ascii_xdigit_value(from[1]) * 16 + g_ascii_xdigit_value(from[2])));
    }
  return TRUE;
}

static void
_add_numbered(const GString *text, guint64 number, GString *bytes)
{
  for (gsize i = 0; i < text->len; i++)
    if (text->str[i] == '#')
      g_string_append_printf(bytes, "%" G_GUINT64_FORMAT, number);
    else
      g_string_append_c(bytes, text->str[i]);
}

static gboolean
_add_repeated(const gchar *from, const gchar *to, GString *bytes, GError **error)
{
  gchar *sign;
  guint64 times = g_ascii_strtoull(from, &sign, 10);
  g_autoptr(GString) text = g_string_new(NULL);

  if (!_expand(sign + 1, to, text, error))
    return FALSE;
  for (guint64 i = 1; i <= times; i++)
    if (*sign == '#')
      _add_numbered(text, i, bytes);
    else
      g_string_append_len(bytes, text->str, (gssize) text->len);
  return TRUE;
}

static gboolean
_add_counted(const gchar *from, const gchar *to, GString *bytes, GError **error)
{
  g_autoptr(GString) text = g_string_new(NULL);

  if (!_expand(from, to, text, error))
    return FALSE;
  g_string_append_printf(bytes, "%" G_GSIZE_FORMAT " ", text->len);
  g_string_append_len(bytes, text->str, (gssize) text->len);
  return TRUE;
}

static gboolean
_is_repetition(const gchar *from, const gchar *to)
{
  while (from < to && g_ascii_isdigit(*from))
    from++;
  return from < to && strchr("*#", *from);
}

static gboolean
_add_braces(const gchar *from, const gchar *to, GString *bytes, GError **error)
{
  gsize length = (gsize) (to - from);

  if (length && g_ascii_isdigit(*from) && _is_repetition(from, to))
    return _add_repeated(from, to, bytes, error);
  if (length >= 2 && memcmp(from, "n:", 2) == 0)
    return _add_counted(from + 2, to, bytes, error);
  if (_add_word(from, length, bytes)
      || (length && *from == 'x' && _add_hexadecimal(from + 1, to, bytes)))
    return TRUE;
  g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "{%.*s} stands for nothing",
              (gint) length, from);
  return FALSE;
}

/* Where the brace that is open at @from closes. */
static const gchar *
_find_end(const gchar *from, const gchar *to)
{
  gint depth = 0;

  for (; from < to; from++)
    {
      depth += (*from == '{') - (*from == '}');
      if (depth == 0)
        return from;
    }
  return NULL;
}

static gboolean
_expand(const gchar *from, const gchar *to, GString *bytes, GError **error)
{
  for (; from < to; from++)
    {
      const gchar *end = *from == '{' ? _find_end(from, to) : NULL;

      if (*from != '{')
        g_string_append_c(bytes, *from);
      else if (end && _add_braces(from + 1, end, bytes, error))
        from = end;
      else
        {
          if (!end)
            g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "a brace stays open");
          return FALSE;
        }
    }
  return TRUE;
}

GBytes *
conform_expand(const gchar *notation, GError **error)
{
  GString *bytes = g_string_new(NULL);

  if (_expand(notation, notation + strlen(notation), bytes, error))
    return g_string_free_to_bytes(bytes);
  g_string_free(bytes, TRUE);
  return NULL;
}
