/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "seen.h"

#include "rfc5424/header.h"

#include <string.h>

/* Of a value no more than this is shown. */
#define SHOWN_MAX 48

/* And so much before the first difference. */
#define SHOWN_BEFORE 20

/* A message that tells its time of arrival is from this year or a later one. */
#define YEAR_OF_ARRIVAL 2020

/* `2003-10-11`. */
#define DATE_LENGTH 10

/* What begins a message that syslog-ng's own parser refused. */
#define REFUSED "Error processing log message: "

/* The fields between VERSION and structured data, and their names in a daemon's output. */
typedef enum
{
  SENT_TIME,
  SENT_HOST,
  SENT_APP,
  SENT_PROCID,
  SENT_MSGID,
  N_SENT
} Sent;

static const gchar *const sent_names[] = { "time", "host", "app", "procid", "msgid" };
G_STATIC_ASSERT(G_N_ELEMENTS(sent_names) == N_SENT);

typedef struct
{
  gchar *pri;
  gchar *fields[N_SENT];
  gboolean is_whole;
  gchar *sdata;
  gchar *message;
  gchar *rest; /* all behind the fields */
} Message;

static void
_message_clear(Message *self)
{
  g_free(self->pri);
  for (guint i = 0; i < N_SENT; i++)
    g_free(self->fields[i]);
  g_free(self->sdata);
  g_free(self->message);
  g_free(self->rest);
}

static void
_show_character(GString *shown, gunichar c)
{
  if (c >= CONFORM_BYTES && c <= CONFORM_BYTES + 0xff)
    g_string_append_printf(shown, "\\x%02x", c - CONFORM_BYTES);
  else if (c < 0x80 && g_ascii_iscntrl((gchar) c))
    g_string_append_printf(shown, "\\x%02x", c);
  else if (g_unichar_isprint(c))
    g_string_append_unichar(shown, c);
  else
    g_string_append_printf(shown, "\\u%04x", c);
}

/* The bytes as both daemons' output has them once it is read, all of them visible. */
static gchar *
_show(const gchar *data, gsize length)
{
  GString *shown = g_string_new(NULL);
  const gchar *end = data + length;

  while (data < end)
    {
      gunichar c = g_utf8_get_char_validated(data, end - data);
      gboolean is_character = c != (gunichar) -1 && c != (gunichar) -2;

      _show_character(shown, is_character ? c : CONFORM_BYTES + (guchar) *data);
      data = is_character ? g_utf8_next_char(data) : data + 1;
    }
  return g_string_free(shown, FALSE);
}

static gchar *
_show_text(CdText text)
{
  return _show(text.data ? text.data : "", text.length);
}

/* Takes the bytes up to the next blank. */
static CdText
_take_token(CdText *rest)
{
  const gchar *blank = rest->length ? memchr(rest->data, ' ', rest->length) : NULL;
  CdText token = blank ? cd_text_between(rest->data, blank) : *rest;

  *rest = cd_text_skip(*rest, token.length + 1);
  return token;
}

/* With a blank for the T it has two. */
static CdText
_take_time(CdText *rest)
{
  CdText time = _take_token(rest);

  return time.length == DATE_LENGTH
           ? cd_text_between(time.data, time.data + time.length + 1 + _take_token(rest).length)
           : time;
}

static gchar *
_without_nil(CdText token)
{
  return cd_text_equal(token, CD_TEXT("-")) ? g_strdup("") : _show_text(token);
}

/* Splits at blanks whatever was sent, right or wrong. */
static void
_read_sent(Message *self, const ConformRow *row)
{
  gsize length;
  const gchar *data = g_bytes_get_data(row->bytes, &length);
  CdText text = { data ? data : "", length };
  CdText rest = text;
  CdText pri = _take_token(&rest);
  CdHeader header;

  self->pri = g_strndup(pri.data, pri.length);
  self->fields[SENT_TIME] = _without_nil(_take_time(&rest));
  for (guint i = SENT_HOST; i < N_SENT; i++)
    self->fields[i] = _without_nil(_take_token(&rest));
  self->is_whole = cd_header_read(text, &header) == CD_HEADER_WHOLE;
  self->sdata = _show_text(header.sdata);
  self->message = _show_text(header.message);
  self->rest = _show_text(rest);
}

static const gchar *
_skip_nil(const gchar *value)
{
  return strcmp(value, "-") == 0 ? "" : value;
}

static gchar *
_show_member(JsonObject *message, const gchar *name)
{
  const gchar *value = conform_arrived_get(message, name);

  return _show(value, strlen(value));
}

static void G_GNUC_PRINTF(2, 3) _say(GString *words, const gchar *format, ...)
{
  va_list args;

  if (words->len)
    g_string_append(words, "; ");
  va_start(args, format);
  g_string_append_vprintf(words, format, args);
  va_end(args);
}

static void
_say_value(GString *words, const gchar *name, const gchar *value)
{
  g_autofree gchar *valid = g_utf8_make_valid(value, -1);
  gchar *end = valid;

  for (guint i = 0; i < SHOWN_MAX && *end; i++)
    end = g_utf8_next_char(end);
  if (*end)
    _say(words, "%s `%.*s…` (%" G_GSIZE_FORMAT " bytes)", name, (gint) (end - valid), valid,
         strlen(value));
  else
    _say(words, "%s `%s`", name, valid);
}

/* Of a long value what stands around the first difference. */
static void
_say_difference(GString *words, const gchar *name, const gchar *sent, const gchar *got)
{
  g_autofree gchar *shown = NULL;
  gsize at = 0;

  while (sent[at] && sent[at] == got[at])
    at++;
  if (strlen(got) <= SHOWN_MAX || at <= SHOWN_BEFORE)
    {
      _say_value(words, name, got);
      return;
    }
  at = (gsize) (g_utf8_find_prev_char(got, got + at - SHOWN_BEFORE) - got);
  shown = g_strconcat("…", got + at, NULL);
  _say_value(words, name, shown);
}

static void
_compare(GString *words, const gchar *name, const gchar *sent, const gchar *got)
{
  gsize length = strlen(got);

  if (strcmp(sent, got) == 0)
    return;
  if (!length)
    _say(words, "no %s", name);
  else if (length < strlen(sent) && memcmp(sent, got, length) == 0)
    _say(words, "%s cut to %" G_GSIZE_FORMAT, name, length);
  else
    _say_difference(words, name, sent, got);
}

static GDateTime *
_read_time(const gchar *time)
{
  g_autoptr(GTimeZone) utc = g_time_zone_new_utc();

  return g_date_time_new_from_iso8601(time, utc);
}

static gboolean
_is_same_time(GDateTime *sent, GDateTime *got)
{
  return sent && got && ABS(g_date_time_difference(got, sent)) < G_TIME_SPAN_MILLISECOND;
}

static void
_compare_time(GString *words, const gchar *sent, const gchar *got)
{
  g_autoptr(GDateTime) sent_time = _read_time(sent);
  g_autoptr(GDateTime) got_time = _read_time(got);

  if (_is_same_time(sent_time, got_time))
    return;
  if (!got_time || g_date_time_get_year(got_time) < YEAR_OF_ARRIVAL)
    _say_value(words, "time", got);
  else if (*sent)
    _say(words, "time of arrival");
}

static void
_compare_header(GString *words, const Message *sent, JsonObject *message)
{
  g_autofree gchar *pri = g_strconcat("<", conform_arrived_get(message, "pri"), ">1", NULL);

  if (strcmp(sent->pri, pri) != 0)
    _say(words, "PRI and VERSION `%s`", pri);
  _compare_time(words, sent->fields[SENT_TIME], conform_arrived_get(message, "time"));
  for (guint i = SENT_HOST; i < N_SENT; i++)
    {
      g_autofree gchar *got = _show_member(message, sent_names[i]);
      gboolean is_peer = i == SENT_HOST && strcmp(got, conform_arrived_get(message, "from")) == 0;

      if (!is_peer || *sent->fields[i])
        _compare(words, sent_names[i], sent->fields[i], _skip_nil(got));
    }
}

static void
_say_raw(GString *words, const gchar *raw)
{
  if (*raw)
    _say_value(words, "SD kept raw:", raw);
  else
    _say(words, "no SD");
}

static void
_compare_rest(GString *words, const Message *sent, JsonObject *message)
{
  g_autofree gchar *elements = conform_arrived_get_sdata(message);
  g_autofree gchar *sdata = _show(elements, strlen(elements));
  g_autofree gchar *text = _show_member(message, "msg");
  const gchar *raw = _skip_nil(conform_arrived_get(message, "sdraw"));

  if (!sent->is_whole)
    {
      if (!*sdata)
        _say_raw(words, raw);
      else if (!g_str_has_prefix(sent->rest, sdata))
        _say_difference(words, "SD", sent->rest, sdata);
      return;
    }
  if (!*sdata && *raw)
    _say_raw(words, raw);
  else
    _compare(words, "SD", sent->sdata, sdata);
  if (g_str_has_prefix(text, "\xef\xbb\xbf") && strcmp(text + 3, sent->message) == 0)
    _say(words, "BOM kept");
  else
    _compare(words, "message", sent->message, text);
}

static gboolean
_is_refused(JsonObject *message)
{
  return g_str_has_prefix(conform_arrived_get(message, "msg"), REFUSED);
}

/* What was read as RFC 5424 has the sender's MSGID or its structured data. */
static gboolean
_is_read(const Message *sent, JsonObject *message)
{
  return *conform_arrived_get(message, "sd")
         || (strcmp(sent->fields[SENT_MSGID], _skip_nil(conform_arrived_get(message, "msgid"))) == 0
             && strcmp(sent->fields[SENT_APP], _skip_nil(conform_arrived_get(message, "app")))
                  == 0);
}

/* What was taken for the program is the head of what was sent. */
static gchar *
_show_text_of(JsonObject *message)
{
  const gchar *program = _skip_nil(conform_arrived_get(message, "app"));
  g_autofree gchar *text = g_strconcat(program, *program ? " | " : "",
                                       conform_arrived_get(message, "msg"), NULL);

  g_strstrip(text);
  return _show(text, strlen(text));
}

static void
_describe_frame(GString *words, const Message *sent, JsonObject *message)
{
  if (_is_refused(message))
    _say(words, "refused");
  else if (_is_read(sent, message))
    {
      _compare_header(words, sent, message);
      _compare_rest(words, sent, message);
    }
  else
    {
      g_autofree gchar *text = _show_text_of(message);
      _say_value(words, "as text", text);
    }
}

static gchar *
_describe_kind(JsonObject *message)
{
  GString *words = g_string_new(NULL);
  g_autofree gchar *sdata = conform_arrived_get_sdata(message);

  if (_is_refused(message))
    _say(words, "refused");
  else if (strstr(sdata, "disconnect_reason=\"network_error\""))
    _say(words, "record");
  else if (*sdata)
    _say_value(words, "SD", sdata);
  else
    {
      g_autofree gchar *text = _show_text_of(message);
      _say_value(words, "text", text);
    }
  return g_string_free(words, FALSE);
}

static void
_describe_stream(GString *words, const GPtrArray *messages)
{
  g_autofree gchar *last = NULL;
  guint times = 0;

  for (guint i = 0; i <= messages->len; i++)
    {
      gchar *kind = i < messages->len ? _describe_kind(g_ptr_array_index(messages, i)) : NULL;

      if (g_strcmp0(kind, last) == 0)
        times++;
      else
        {
          if (times > 1)
            _say(words, "%u x %s", times, last);
          else if (last)
            _say(words, "%s", last);
          times = 1;
        }
      g_free(last);
      last = kind;
    }
}

static void
_describe_frames(GString *words, const ConformRow *row, const GPtrArray *messages)
{
  Message sent = { 0 };

  _read_sent(&sent, row);
  if (messages->len > 1)
    _say(words, "%u messages", messages->len);
  for (guint i = 0; i < messages->len; i++)
    _describe_frame(words, &sent, g_ptr_array_index(messages, i));
  _message_clear(&sent);
}

gchar *
conform_seen_describe(const ConformRow *row, const ConformArrived *arrived)
{
  GString *words = g_string_new(NULL);

  if (!arrived->messages->len)
    _say(words, "nothing");
  else if (conform_row_is_frame(row))
    _describe_frames(words, row, arrived->messages);
  else
    _describe_stream(words, arrived->messages);
  if (arrived->not_utf8)
    _say(words, "not UTF-8 in the JSON");
  return words->len ? g_string_free(words, FALSE) : (g_string_free(words, TRUE), g_strdup("read"));
}
