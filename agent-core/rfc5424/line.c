/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "rfc5424/line.h"

#include "disconnect/detail.h"
#include "rfc5424/timestamp.h"

/* Makes room for @length bytes at the end; the caller writes them all. */
static gchar *
_extend(GString *text, gsize length)
{
  gsize end = text->len;

  g_string_set_size(text, end + length);
  return text->str + end;
}

static void
_append_token(GString *text, CdText token, gsize max)
{
  gsize length = MIN(token.length, max);
  gchar *to;

  g_string_append_c(text, ' ');
  if (length == 0)
    {
      g_string_append_c(text, '-');
      return;
    }
  to = _extend(text, length);
  for (gsize i = 0; i < length; i++)
    to[i] = token.data[i] > ' ' && token.data[i] < 0x7f ? token.data[i] : '?';
}

void
cd_line_begin(CdLine *self, GString *text, const CdHeader *header)
{
  *self = (CdLine) { text, FALSE };
  g_string_append_printf(text, "<%u>1", MIN(header->priority, CD_HEADER_PRIORITY_MAX));
  _append_token(text, header->timestamp, CD_TIMESTAMP_MAX);
  _append_token(text, header->host, CD_HEADER_HOST_MAX);
  _append_token(text, header->app_name, CD_HEADER_APP_NAME_MAX);
  _append_token(text, header->procid, CD_HEADER_PROCID_MAX);
  _append_token(text, header->msgid, CD_HEADER_MSGID_MAX);
  g_string_append_c(text, ' ');
}

void
cd_line_open_element(CdLine *self, CdText sd_id)
{
  self->has_sdata = TRUE;
  g_string_append_c(self->text, '[');
  g_string_append_len(self->text, sd_id.data, (gssize) sd_id.length);
}

static gchar *
_copy(gchar *to, CdText text)
{
  memcpy(to, text.data, text.length);
  return to + text.length;
}

static gchar *
_copy_escaped(gchar *to, CdText value)
{
  for (gsize i = 0; i < value.length; i++)
    {
      gchar c = value.data[i];
      if (c == '"' || c == '\\' || c == ']')
        *to++ = '\\';
      *to++ = c;
    }
  return to;
}

/* One growth for the worst case is cheaper than one for each piece. */
static void
_append_param(GString *text, CdText name, CdText clean)
{
  gsize before = text->len;
  gchar *start = _extend(text, name.length + 2 * clean.length + sizeof(" =\"\"") - 1);
  gchar *to = start;

  *to++ = ' ';
  to = _copy(to, name);
  to = _copy(to, CD_TEXT("=\""));
  to = _copy_escaped(to, clean);
  *to++ = '"';
  g_string_truncate(text, before + (gsize) (to - start));
}

void
cd_line_add_param(CdLine *self, CdText name, CdText value)
{
  g_autoptr(GString) clean = NULL;

  if (cd_detail_is_plain(value))
    {
      _append_param(self->text, name, value);
      return;
    }
  clean = g_string_new(NULL);
  cd_detail_append(clean, value);
  _append_param(self->text, name, (CdText) { clean->str, clean->len });
}

void
cd_line_close_element(CdLine *self)
{
  g_string_append_c(self->text, ']');
}

void
cd_line_end(CdLine *self, CdText message)
{
  if (!self->has_sdata)
    g_string_append_c(self->text, '-');
  if (cd_text_is_empty(message))
    return;
  g_string_append_c(self->text, ' ');
  cd_detail_append(self->text, message);
}
