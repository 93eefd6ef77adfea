/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "emit/sender.h"

#include "disconnect/judge.h"
#include "rfc5424/header.h"
#include "rfc5424/sdata.h"

#include "../../support/unit.h"

#define NOW G_GINT64_CONSTANT(1795246649225104)

typedef struct _Fixture
{
  CdSender *sender;
  GString *line;
  CdHeader header;
} Fixture;

static void
set_up(Fixture *self, gconstpointer data)
{
  self->sender = cd_sender_new("coder-test", 32473);
  cd_sender_set_host(self->sender, "ws");
  self->line = g_string_new(NULL);
}

static void
tear_down(Fixture *self, gconstpointer data)
{
  g_string_free(self->line, TRUE);
  cd_sender_free(self->sender);
}

static void
read_header(Fixture *self)
{
  g_assert_cmpint(cd_header_read((CdText) { self->line->str, self->line->len }, &self->header), ==,
                  CD_HEADER_WHOLE);
}

static CdRecord
make_record(const gchar *reason)
{
  CdRecord record = { 0 };

  cd_record_set(&record, CD_FIELD_CONNECT_TYPE, CD_TEXT("agent_to_client"));
  cd_record_set(&record, CD_FIELD_SITE, CD_TEXT("ssh-session"));
  cd_record_set(&record, CD_FIELD_DISCONNECT_REASON, cd_text_from_string(reason));
  cd_record_set(&record, CD_FIELD_DISCONNECT_INITIATOR, CD_TEXT("network"));
  cd_record_set(&record, CD_FIELD_DISCONNECT_DETAIL, CD_TEXT("read \"x\" [\n]"));
  cd_record_set(&record, CD_FIELD_SESSION_ID, CD_TEXT("1"));
  return record;
}

static guint32
append(Fixture *self, const gchar *reason)
{
  CdRecord record = make_record(reason);

  g_string_truncate(self->line, 0);
  return cd_sender_append_record(self->sender, self->line, &record, NOW);
}

/* The parameter of the first element with this SD-ID, as it stands there. */
static CdText
get_param(const Fixture *self, const gchar *sd_id, const gchar *wanted)
{
  CdText id, name, value;
  CdSdata sdata;

  cd_sdata_init(&sdata, self->header.sdata);
  while (cd_sdata_next_element(&sdata, &id))
    while (cd_text_is(id, sd_id) && cd_sdata_next_param(&sdata, &name, &value))
      if (cd_text_is(name, wanted))
        return value;
  return CD_TEXT_NONE;
}

static void
test_header(Fixture *self, gconstpointer data)
{
  g_autofree gchar *pid = g_strdup_printf("%d", (gint) getpid());

  append(self, "network_error");
  read_header(self);
  unit_assert_text(self->header.timestamp, CD_TEXT("2026-11-21T07:37:29.225104Z"));
  unit_assert_text(self->header.host, CD_TEXT("ws"));
  unit_assert_text(self->header.app_name, CD_TEXT("coder-test"));
  unit_assert_text(self->header.procid, cd_text_from_string(pid));
  unit_assert_text(self->header.msgid, CD_TEXT("disconnect"));
  unit_assert_text(self->header.message, CD_TEXT("SSH session ended: network_error (network)"));
}

static void
test_priority(Fixture *self, gconstpointer data)
{
  append(self, "graceful");
  read_header(self);
  g_assert_cmpuint(self->header.priority, ==, 30);
  append(self, "unknown");
  read_header(self);
  g_assert_cmpuint(self->header.priority, ==, 28);
}

/* What the parser makes of it is what went in, and nothing is contradicted. */
static void
test_read_back(Fixture *self, gconstpointer data)
{
  const gchar *const sd_ids[] = { "coder@32473", NULL };
  g_auto(CdStatement) statement;
  CdJudgement judgement;

  append(self, "network_error");
  read_header(self);
  cd_statement_init(&statement, CD_SOURCE_SDATA);
  g_assert_true(cd_sdata_read(self->header.sdata, sd_ids, &statement));
  cd_judge(&statement, &judgement);
  g_assert_cmpint(judgement.verdict.reason, ==, CD_REASON_NETWORK_ERROR);
  g_assert_cmpint(judgement.verdict.initiator, ==, CD_INITIATOR_NETWORK);
  g_assert_false(judgement.contradiction || judgement.malformed);
  unit_assert_text(statement.said.values[CD_FIELD_DISCONNECT_DETAIL], CD_TEXT("read \"x\" [\\n]"));
  unit_assert_text(statement.said.values[CD_FIELD_RUN_ID],
                   cd_text_from_string(cd_sender_get_run_id(self->sender)));
}

static void
test_no_secret_is_sent(Fixture *self, gconstpointer data)
{
  CdRecord record = make_record("unknown");

  cd_record_set(&record, CD_FIELD_DISCONNECT_DETAIL, CD_TEXT("GET /x?token=abc123: EOF"));
  cd_sender_append_record(self->sender, self->line, &record, NOW);
  read_header(self);
  g_assert_null(strstr(self->line->str, "abc123"));
  g_assert_nonnull(strstr(self->line->str, "token=[redacted\\]: EOF"));
}

static void
test_sequence(Fixture *self, gconstpointer data)
{
  for (guint32 i = 1; i <= 3; i++)
    {
      g_autofree gchar *digits = g_strdup_printf("%u", i);

      g_assert_cmpuint(append(self, "unknown"), ==, i);
      read_header(self);
      unit_assert_text(get_param(self, "meta", "sequenceId"), cd_text_from_string(digits));
    }
}

/* 1 again behind the last one. */
static void
test_sequence_wraps(Fixture *self, gconstpointer data)
{
  cd_sender_set_sequence(self->sender, CD_SENDER_SEQUENCE_MAX - 1);
  g_assert_cmpuint(append(self, "unknown"), ==, CD_SENDER_SEQUENCE_MAX);
  g_assert_cmpuint(append(self, "unknown"), ==, 1);
}

static void
test_origin(Fixture *self, gconstpointer data)
{
  append(self, "unknown");
  read_header(self);
  unit_assert_text(get_param(self, "origin", "software"), CD_TEXT("coder-test"));
  unit_assert_text(get_param(self, "origin", "enterpriseId"), CD_TEXT("32473"));
  unit_assert_text(get_param(self, "timeQuality", "tzKnown"), CD_TEXT("1"));
  g_assert_nonnull(get_param(self, "timeQuality", "isSynced").data);
}

/* RFC 5424, 7.1.3: it must not stand beside a clock that nobody synchronises. */
static void
test_accuracy_of_a_synchronised_clock_only(Fixture *self, gconstpointer data)
{
  append(self, "unknown");
  read_header(self);
  g_assert_true(cd_text_is(get_param(self, "timeQuality", "isSynced"), "1")
                == !cd_text_is_empty(get_param(self, "timeQuality", "syncAccuracy")));
}

static void
test_every_run_has_its_id(Fixture *self, gconstpointer data)
{
  g_autoptr(CdSender) other = cd_sender_new("coder-test", 32473);

  g_assert_cmpuint(strlen(cd_sender_get_run_id(other)), ==, CD_SENDER_RUN_ID_LENGTH);
  g_assert_cmpstr(cd_sender_get_run_id(other), !=, cd_sender_get_run_id(self->sender));
}

static void
test_dropped(Fixture *self, gconstpointer data)
{
  const CdSpoolLoss loss = { 3, 7, 9 };

  cd_sender_append_dropped(self->sender, self->line, &loss, NOW);
  read_header(self);
  unit_assert_text(self->header.msgid, CD_TEXT("dropped"));
  unit_assert_text(get_param(self, "coderEmit@32473", "count"), CD_TEXT("3"));
  unit_assert_text(get_param(self, "coderEmit@32473", "first"), CD_TEXT("7"));
  unit_assert_text(get_param(self, "coderEmit@32473", "last"), CD_TEXT("9"));
  g_assert_null(get_param(self, "meta", "sequenceId").data);
  unit_assert_text(self->header.message, CD_TEXT("3 records never reached this target"));
}

static void
add(const gchar *path, void (*test)(Fixture *, gconstpointer))
{
  g_test_add(path, Fixture, NULL, set_up, test, tear_down);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  add("/sender/header", test_header);
  add("/sender/priority", test_priority);
  add("/sender/read-back", test_read_back);
  add("/sender/no-secret-is-sent", test_no_secret_is_sent);
  add("/sender/sequence", test_sequence);
  add("/sender/sequence-wraps", test_sequence_wraps);
  add("/sender/origin", test_origin);
  add("/sender/accuracy-of-a-synchronised-clock-only", test_accuracy_of_a_synchronised_clock_only);
  add("/sender/every-run-has-its-id", test_every_run_has_its_id);
  add("/sender/dropped", test_dropped);
  return g_test_run();
}
