/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "detach-key.h"

#include <string.h>

/* Bits of a modifier, one less than in the sequence. */
#define MODIFIER_CONTROL 4
#define MODIFIER_LOCKS (64 | 128)

#define NUMBERS_MAX 3

gboolean
cd_detach_key_parse(const gchar *text, gint *key)
{
  gchar letter = 0;

  if (g_strcmp0(text, "none") == 0)
    {
      *key = CD_DETACH_KEY_NONE;
      return TRUE;
    }
  if (text[0] == '^' && strlen(text) == 2)
    letter = g_ascii_toupper(text[1]);
  if (letter < '@' || letter > '_')
    return FALSE;
  *key = letter - '@';
  return TRUE;
}

static gboolean
_is_control(guint modifier)
{
  return modifier > 0 && ((modifier - 1) & ~(guint) MODIFIER_LOCKS) == MODIFIER_CONTROL;
}

static gboolean
_is_key(guint code, gint key)
{
  return code < 128 && g_ascii_toupper((gchar) code) == key + '@';
}

/* Reads `1;2;3` up to the letter; of a number with parts behind colons the first counts. */
static guint
_read_numbers(const gchar **at, const gchar *end, guint numbers[NUMBERS_MAX])
{
  guint n = 0;
  gboolean in_part = FALSE;

  memset(numbers, 0, NUMBERS_MAX * sizeof(*numbers));
  for (; *at < end && (g_ascii_isdigit(**at) || **at == ';' || **at == ':'); (*at)++)
    if (**at == ';')
      {
        in_part = FALSE;
        if (++n == NUMBERS_MAX)
          return 0;
      }
    else if (**at == ':')
      in_part = TRUE;
    else if (!in_part)
      numbers[n] = (numbers[n] * 10 + (guint) (**at - '0')) % 100000;
  return n + 1;
}

/* Whether the text behind the introducer is the key. */
static gboolean
_is_sequence(gint key, const gchar *at, const gchar *end)
{
  guint numbers[NUMBERS_MAX];
  guint n = _read_numbers(&at, end, numbers);

  if (at == end)
    return FALSE;
  if (*at == 'u' && n >= 2)
    return _is_control(numbers[1]) && _is_key(numbers[0], key);
  return *at == '~' && n == 3 && numbers[0] == 27 && _is_control(numbers[1])
         && _is_key(numbers[2], key);
}

gboolean
cd_detach_key_find(gint key, const gchar *data, gsize length, gsize *position)
{
  for (gsize i = 0; key != CD_DETACH_KEY_NONE && i < length; i++)
    if ((guchar) data[i] == key
        || (data[i] == '\033' && length - i > 2 && data[i + 1] == '['
            && _is_sequence(key, data + i + 2, data + length)))
      {
        *position = i;
        return TRUE;
      }
  return FALSE;
}
