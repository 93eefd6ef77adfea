/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "rfc5424/header.h"

#include "rfc5424/sdata.h"
#include "rfc5424/timestamp.h"

#define PRI_DIGITS_MAX 3
#define NILVALUE CD_TEXT("-")
#define BYTE_ORDER_MARK CD_TEXT("\xef\xbb\xbf")

typedef struct _Reader
{
  CdText rest;
  CdHeader *header;
} Reader;

static const gchar *const part_names[] = {
  [CD_HEADER_PRI] = "PRI",
  [CD_HEADER_VERSION] = "VERSION",
  [CD_HEADER_TIMESTAMP] = "TIMESTAMP",
  [CD_HEADER_HOST] = "HOSTNAME",
  [CD_HEADER_APP_NAME] = "APP-NAME",
  [CD_HEADER_PROCID] = "PROCID",
  [CD_HEADER_MSGID] = "MSGID",
  [CD_HEADER_SDATA] = "STRUCTURED-DATA",
};
G_STATIC_ASSERT(G_N_ELEMENTS(part_names) == CD_HEADER_N_PARTS);

const gchar *
cd_header_part_get_name(CdHeaderPart part)
{
  return part < CD_HEADER_N_PARTS ? part_names[part] : "";
}

gsize
cd_header_pri_length(CdText text)
{
  gsize at = 1;

  if (cd_text_is_empty(text) || text.data[0] != '<')
    return 0;
  while (at < text.length && at <= PRI_DIGITS_MAX && g_ascii_isdigit(text.data[at]))
    at++;
  return at > 1 && at < text.length && text.data[at] == '>' ? at + 1 : 0;
}

gboolean
cd_header_matters(CdText text)
{
  gsize pri = cd_header_pri_length(text);

  return pri && cd_text_has_prefix(cd_text_skip(text, pri), CD_TEXT("1 "));
}

static gboolean
_take_pri(Reader *self)
{
  gsize length = cd_header_pri_length(self->rest);
  CdText digits = cd_text_head(cd_text_skip(self->rest, 1), length ? length - 2 : 0);
  gint64 priority;

  if (!cd_text_to_integer(digits, &priority) || priority > CD_HEADER_PRIORITY_MAX
      || (digits.data[0] == '0' && digits.length > 1))
    return FALSE;
  self->header->priority = (guint) priority;
  self->rest = cd_text_skip(self->rest, length);
  return TRUE;
}

static gboolean
_take_version(Reader *self)
{
  if (!cd_text_has_prefix(self->rest, CD_TEXT("1 ")))
    return FALSE;
  self->rest = cd_text_skip(self->rest, 2);
  return TRUE;
}

static gsize
_token_length(CdText text)
{
  gsize length = 0;

  while (length < text.length && text.data[length] > ' ' && text.data[length] < 0x7f)
    length++;
  return length;
}

/* Takes printable characters and the blank behind them; the NILVALUE leaves @token absent. */
static gboolean
_take_token(Reader *self, gsize max, CdText *token)
{
  gsize length = _token_length(self->rest);
  CdText text = cd_text_head(self->rest, length);

  if (length == 0 || length > max || length >= self->rest.length || self->rest.data[length] != ' ')
    return FALSE;
  if (!cd_text_equal(text, NILVALUE))
    *token = text;
  self->rest = cd_text_skip(self->rest, length + 1);
  return TRUE;
}

static gboolean
_take_timestamp(Reader *self)
{
  CdText timestamp = CD_TEXT_NONE;

  if (!_take_token(self, CD_TIMESTAMP_MAX, &timestamp)
      || (timestamp.data && !cd_timestamp_is_valid(timestamp)))
    return FALSE;
  self->header->timestamp = timestamp;
  return TRUE;
}

static gboolean
_take_sdata(Reader *self)
{
  CdText text = self->rest;
  CdSdata sdata;
  CdText id;

  cd_sdata_init(&sdata, text);
  while (cd_sdata_next_element(&sdata, &id))
    ;
  self->rest = sdata.rest;
  self->header->sdata = cd_text_head(text, text.length - sdata.rest.length);
  if (sdata.is_broken)
    return FALSE;
  if (self->header->sdata.length)
    return TRUE;
  self->header->sdata = CD_TEXT_NONE;
  self->rest = cd_text_skip(text, cd_text_has_prefix(text, NILVALUE));
  return self->rest.length < text.length;
}

/* Nothing, or a blank and the message, which may be empty. */
static gboolean
_take_message(Reader *self)
{
  CdText message = cd_text_skip(self->rest, 1);

  if (cd_text_is_empty(self->rest))
    return TRUE;
  if (self->rest.data[0] != ' ')
    return FALSE;
  if (cd_text_has_prefix(message, BYTE_ORDER_MARK))
    message = cd_text_skip(message, BYTE_ORDER_MARK.length);
  self->header->message = message;
  return TRUE;
}

static CdHeaderPart
_read_until_sdata(Reader *self)
{
  CdHeader *header = self->header;

  if (!_take_timestamp(self))
    return CD_HEADER_TIMESTAMP;
  if (!_take_token(self, CD_HEADER_HOST_MAX, &header->host))
    return CD_HEADER_HOST;
  if (!_take_token(self, CD_HEADER_APP_NAME_MAX, &header->app_name))
    return CD_HEADER_APP_NAME;
  if (!_take_token(self, CD_HEADER_PROCID_MAX, &header->procid))
    return CD_HEADER_PROCID;
  if (!_take_token(self, CD_HEADER_MSGID_MAX, &header->msgid))
    return CD_HEADER_MSGID;
  return CD_HEADER_SDATA;
}

static CdHeaderPart
_read_from_timestamp(Reader *self)
{
  CdHeaderPart part = _read_until_sdata(self);
  CdText sdata = self->rest;

  if (part != CD_HEADER_SDATA)
    return part;
  if (_take_sdata(self) && _take_message(self))
    return CD_HEADER_WHOLE;
  self->header->sdata = sdata;
  return CD_HEADER_SDATA;
}

CdHeaderPart
cd_header_read(CdText text, CdHeader *self)
{
  Reader reader = { text, self };

  *self = (CdHeader) { 0 };
  if (!_take_pri(&reader))
    return CD_HEADER_PRI;
  if (!_take_version(&reader))
    return CD_HEADER_VERSION;
  return _read_from_timestamp(&reader);
}

CdHeaderPart
cd_header_read_from_timestamp(CdText text, CdHeader *self)
{
  Reader reader = { text, self };

  *self = (CdHeader) { 0 };
  return _read_from_timestamp(&reader);
}
