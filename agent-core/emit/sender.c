/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "emit/sender.h"

#include "disconnect/detail.h"
#include "disconnect/site.h"
#include "disconnect/vocabulary.h"
#include "rfc5424/line.h"
#include "rfc5424/timestamp.h"

#include <sys/timex.h>
#include <unistd.h>

/* RFC 5424, 6.2.1: facility 3 is system daemons. */
#define FACILITY_DAEMON 3
#define SEVERITY_WARNING 4
#define SEVERITY_INFO 6
#define PRIORITY(severity) (FACILITY_DAEMON * 8 + (severity))

struct _CdSender
{
  gchar *host;
  gchar *app_name;
  gchar *procid;
  gchar *record_id; /* SD-IDs */
  gchar *dropped_id;
  gchar *after; /* the elements at the end, which change with the clock alone */
  guint pen;
  gchar run_id[CD_SENDER_RUN_ID_LENGTH + 1];
  guint32 sequence;
};

static void
_make_run_id(CdSender *self)
{
  g_snprintf(self->run_id, sizeof(self->run_id), "%08x%08x", g_random_int(), g_random_int());
}

CdSender *
cd_sender_new(const gchar *app_name, guint pen)
{
  CdSender *self = g_new0(CdSender, 1);

  self->host = g_strdup(g_get_host_name());
  self->app_name = g_strdup(app_name);
  self->procid = g_strdup_printf("%d", (gint) getpid());
  self->record_id = g_strdup_printf("coder@%u", pen);
  self->dropped_id = g_strdup_printf("coderEmit@%u", pen);
  self->pen = pen;
  _make_run_id(self);
  cd_sender_look_at_clock(self);
  return self;
}

void
cd_sender_free(CdSender *self)
{
  g_free(self->host);
  g_free(self->app_name);
  g_free(self->procid);
  g_free(self->record_id);
  g_free(self->dropped_id);
  g_free(self->after);
  g_free(self);
}

void
cd_sender_set_host(CdSender *self, const gchar *host)
{
  g_free(self->host);
  self->host = g_strdup(host);
}

const gchar *
cd_sender_get_run_id(const CdSender *self)
{
  return self->run_id;
}

void
cd_sender_set_sequence(CdSender *self, guint32 sequence)
{
  self->sequence = sequence;
}

/* RFC 5424, 7.1: syncAccuracy in microseconds, and only beside isSynced="1". */
static void
_append_time_quality(GString *out)
{
  struct timex clock = { 0 };
  gboolean is_synced = adjtimex(&clock) != TIME_ERROR && clock.maxerror > 0;

  g_string_append_printf(out, "[timeQuality tzKnown=\"1\" isSynced=\"%d\"", is_synced);
  if (is_synced)
    g_string_append_printf(out, " syncAccuracy=\"%ld\"", clock.maxerror);
  g_string_append_c(out, ']');
}

static void
_append_origin(const CdSender *self, GString *out)
{
  gchar pen[16];
  CdLine line = { out, TRUE };

  g_snprintf(pen, sizeof(pen), "%u", self->pen);
  cd_line_open_element(&line, CD_TEXT("origin"));
  cd_line_add_param(&line, CD_TEXT("enterpriseId"), cd_text_from_string(pen));
  cd_line_add_param(&line, CD_TEXT("software"),
                    cd_text_head(cd_text_from_string(self->app_name), CD_HEADER_APP_NAME_MAX));
  cd_line_add_param(&line, CD_TEXT("swVersion"), CD_TEXT(PACKAGE_VERSION));
  cd_line_close_element(&line);
}

void
cd_sender_look_at_clock(CdSender *self)
{
  GString *after = g_string_new(NULL);

  _append_time_quality(after);
  _append_origin(self, after);
  g_free(self->after);
  self->after = g_string_free(after, FALSE);
}

static guint32
_next_sequence(CdSender *self)
{
  self->sequence = self->sequence < CD_SENDER_SEQUENCE_MAX ? self->sequence + 1 : 1;
  return self->sequence;
}

static void
_begin(const CdSender *self, CdLine *line, GString *out, guint severity, CdText msgid, gint64 time)
{
  gchar timestamp[CD_TIMESTAMP_LENGTH];
  const CdHeader header = {
    .priority = PRIORITY(severity),
    .timestamp = { timestamp, sizeof(timestamp) },
    .host = cd_text_from_string(self->host),
    .app_name = cd_text_from_string(self->app_name),
    .procid = cd_text_from_string(self->procid),
    .msgid = msgid,
  };

  cd_timestamp_write(time, timestamp);
  cd_line_begin(line, out, &header);
}

static guint32
_append_sequence(CdSender *self, GString *out)
{
  guint32 sequence = _next_sequence(self);

  g_string_append_printf(out, "[meta sequenceId=\"%u\"]", sequence);
  return sequence;
}

static void
_add_words(CdLine *line, CdField field, CdText value)
{
  g_autoptr(GString) clean = g_string_new(NULL);

  cd_detail_append_words(clean, value);
  cd_line_add_param(line, cd_field_get_info(field)->name, (CdText) { clean->str, clean->len });
}

/* Words may hold a secret. */
static void
_add_field(CdField field, CdText value, gpointer user_data)
{
  gboolean is_words = (CD_FIELD_BIT(field) & CD_FIELDS_OF_WORDS) != 0;

  if (field == CD_FIELD_RUN_ID)
    return;
  if (is_words && !cd_detail_is_plain_words(value))
    _add_words(user_data, field, value);
  else
    cd_line_add_param(user_data, cd_field_get_info(field)->name, value);
}

static const gchar *
_get_place(const CdRecord *record)
{
  CdSite site = CD_SITE_NONE;

  if (!cd_site_parse(cd_record_get(record, CD_FIELD_SITE), &site) || site == CD_SITE_NONE)
    return "connection";
  return cd_site_get_info(site)->explanation;
}

static CdReason
_get_reason(const CdRecord *record)
{
  CdReason reason = CD_REASON_UNKNOWN;

  cd_reason_parse(cd_record_get(record, CD_FIELD_DISCONNECT_REASON), &reason);
  return reason;
}

/* "SSH session ended: network_error (network)", in words of the vocabulary alone. */
static void
_append_sentence(GString *out, const CdRecord *record)
{
  CdInitiator initiator = CD_INITIATOR_NONE;
  gsize start = out->len;

  g_string_append_printf(out, "%s ended: %s", _get_place(record),
                         cd_reason_get_info(_get_reason(record))->name);
  if (cd_initiator_parse(cd_record_get(record, CD_FIELD_DISCONNECT_INITIATOR), &initiator)
      && initiator != CD_INITIATOR_NONE)
    g_string_append_printf(out, " (%s)", cd_initiator_get_info(initiator)->name);
  out->str[start] = g_ascii_toupper(out->str[start]);
}

guint32
cd_sender_append_record(CdSender *self, GString *out, const CdRecord *record, gint64 time)
{
  gboolean is_expected = cd_reason_is_expected(_get_reason(record));
  guint32 sequence;
  CdLine line;

  _begin(self, &line, out, is_expected ? SEVERITY_INFO : SEVERITY_WARNING, CD_TEXT("disconnect"),
         time);
  cd_line_open_element(&line, cd_text_from_string(self->record_id));
  cd_record_foreach(record, CD_N_WIRE_FIELDS, _add_field, &line);
  cd_line_add_param(&line, cd_field_get_info(CD_FIELD_RUN_ID)->name,
                    cd_text_from_string(self->run_id));
  cd_line_close_element(&line);
  sequence = _append_sequence(self, out);
  g_string_append_printf(out, "%s ", self->after);
  _append_sentence(out, record);
  return sequence;
}

static void
_add_number(CdLine *line, CdText name, guint64 number)
{
  gchar digits[24];

  g_snprintf(digits, sizeof(digits), "%" G_GUINT64_FORMAT, number);
  cd_line_add_param(line, name, cd_text_from_string(digits));
}

void
cd_sender_append_dropped(const CdSender *self, GString *out, const CdSpoolLoss *loss, gint64 time)
{
  CdLine line;

  _begin(self, &line, out, SEVERITY_WARNING, CD_TEXT("dropped"), time);
  cd_line_open_element(&line, cd_text_from_string(self->dropped_id));
  _add_number(&line, CD_TEXT("count"), loss->count);
  _add_number(&line, CD_TEXT("first"), loss->first);
  _add_number(&line, CD_TEXT("last"), loss->last);
  cd_line_add_param(&line, cd_field_get_info(CD_FIELD_RUN_ID)->name,
                    cd_text_from_string(self->run_id));
  cd_line_close_element(&line);
  g_string_append_printf(out, "%s %" G_GUINT64_FORMAT " %s never reached this target", self->after,
                         loss->count, loss->count == 1 ? "record" : "records");
}
