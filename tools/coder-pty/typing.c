/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "typing.h"

#include <string.h>

#define REPLACEMENT "\357\277\275"

/* --- JSON ------------------------------------------------------------------------------------- */

static void
_append_character(GString *out, const gchar *data, gsize length)
{
  if (*data == '"' || *data == '\\')
    g_string_append_printf(out, "\\%c", *data);
  else if ((guchar) *data < ' ')
    g_string_append_printf(out, "\\u%04x", (guchar) *data);
  else
    g_string_append_len(out, data, (gssize) length);
}

/* The bytes of the character at the beginning: 0 for one that is not complete, -1 for none. */
static gssize
_measure(const gchar *data, gsize length)
{
  gunichar character;

  if ((guchar) *data < 0x80)
    return 1;
  character = g_utf8_get_char_validated(data, (gssize) MIN(length, 4));
  if (character == (gunichar) -2)
    return length < 4 ? 0 : -1;
  return character == (gunichar) -1 ? -1 : g_unichar_to_utf8(character, NULL);
}

/* Returns how much of it is text. */
static gsize
_append_text(GString *out, const gchar *data, gsize length)
{
  gsize i = 0;

  while (i < length)
    {
      gssize n = _measure(data + i, length - i);

      if (n == 0)
        break;
      if (n < 0)
        g_string_append(out, REPLACEMENT);
      else
        _append_character(out, data + i, (gsize) n);
      i += (gsize) ABS(n);
    }
  return i;
}

static void
_append_pair(GString *out, const gchar *key, const gchar *value)
{
  g_string_append_printf(out, ",\"%s\":\"", key);
  _append_text(out, value, strlen(value));
  g_string_append_c(out, '"');
}

/* --- the first frame -------------------------------------------------------------------------- */

static void
_set_length(GString *out, gsize start, gsize length)
{
  out->str[start] = (gchar) (length & 0xff);
  out->str[start + 1] = (gchar) (length >> 8);
}

gboolean
cd_frame_append(const CdFrame *frame, GString *out)
{
  gsize start = out->len;
  gsize length;

  g_string_append_len(out, "\0\0", 2);
  g_string_append_printf(out, "{\"ID\":\"%s\",\"Height\":%u,\"Width\":%u", frame->id, frame->rows,
                         frame->columns);
  _append_pair(out, "Command", frame->command);
  _append_pair(out, "Container", frame->container);
  _append_pair(out, "ContainerUser", frame->container_user);
  _append_pair(out, "BackendType", frame->backend);
  g_string_append_c(out, '}');
  length = out->len - start - 2;
  if (length > CD_FRAME_MAX)
    {
      g_string_truncate(out, start);
      return FALSE;
    }
  _set_length(out, start, length);
  return TRUE;
}

/* --- requests --------------------------------------------------------------------------------- */

void
cd_typing_append(CdTyping *self, const gchar *data, gsize length, GString *out)
{
  g_autoptr(GString) all = g_string_new_len(self->rest, self->length);
  g_autoptr(GString) text = g_string_new(NULL);
  gsize used;

  g_string_append_len(all, data, (gssize) length);
  used = _append_text(text, all->str, all->len);
  self->length = (guint) (all->len - used);
  memcpy(self->rest, all->str + used, self->length);
  if (text->len)
    g_string_append_printf(out, "{\"data\":\"%s\"}", text->str);
}

void
cd_typing_finish(CdTyping *self, GString *out)
{
  if (self->length)
    g_string_append(out, "{\"data\":\"" REPLACEMENT "\"}");
  self->length = 0;
}

void
cd_typing_append_size(guint16 rows, guint16 columns, GString *out)
{
  g_string_append_printf(out, "{\"height\":%u,\"width\":%u}", rows, columns);
}
