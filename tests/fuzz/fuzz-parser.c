/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The whole parser in process: the first byte is a source or a way to fill a message by hand, the
 * second one a configuration of the parser, the rest is the line. */
#include "sng-test.h"

#include "invariants.h"

#include "logmsg/tags.h"
#include "msg-format.h"
#include "scratch-buffers.h"

#define TEXT_MAX 65536

/* So many names fit into one message's structured data. */
#define SDATA_LISTED_MAX G_MAXUINT8

typedef struct
{
  const gchar *config;
  const gchar *prefix;
  const gchar *tag_prefix;
  const gchar *next_hop; /* reads what this one writes into structured data */
  gboolean drops_others;
} Setup;

static const Setup setups[] = {
  { "coder-disconnect();", ".coder.", "coder." },
  { "coder-disconnect(sd-id('coder@32473' 'verdict@32473') duplicate-window(0));", ".coder.",
    "coder." },
  { "coder-disconnect(rescue(no) prefix('end.') tag-prefix('end.'));", "end.", "end." },
  { "coder-disconnect(formats(sdata));", ".coder.", "coder." },
  { "coder-disconnect(formats(slog-human slog-json stackdriver text journald));", ".coder.",
    "coder." },
  { "coder-disconnect(template('$PROGRAM$MESSAGE'));", ".coder.", "coder." },
  { "coder-disconnect(drop-unmatched(yes));", ".coder.", "coder.", .drops_others = TRUE },
  { "coder-disconnect(prefix('.SDATA.coder@32473.'));", ".SDATA.coder@32473.", "coder.",
    "coder-disconnect();" },
  { "coder-disconnect(prefix('.SDATA.verdict@32473.') tag-prefix('verdict.'));",
    ".SDATA.verdict@32473.", "verdict.", "coder-disconnect(sd-id('verdict@32473'));" },
};

typedef struct
{
  LogParser *parser;
  LogParser *next_hop;
  NVHandle pairs[CD_N_PAIR_FIELDS];
  LogTagId tag_disconnect, tag_expected, tag_unexpected;
  LogTagId tag_derived, tag_contradiction, tag_malformed, tag_duplicate;
  LogTagId tag_reasons[CD_N_REASONS];
  LogTagId tag_layers[CD_N_LAYERS];
} Prepared;

static Prepared prepared[G_N_ELEMENTS(setups)];
static MsgFormatOptions raw_options;
static GHashTable *handles_by_name; /* what the hand may fill */
static NVHandle declared_reason;
static NVHandle raw_message;
static guint n_tags;

static LogTagId
get_tag(const Setup *setup, const gchar *kind, const gchar *name)
{
  g_autofree gchar *full = g_strconcat(setup->tag_prefix, kind, name, NULL);

  return log_tags_get_by_name(full);
}

static void
prepare_tags(Prepared *self, const Setup *setup)
{
  self->tag_disconnect = get_tag(setup, "", "disconnect");
  self->tag_expected = get_tag(setup, "", "expected");
  self->tag_unexpected = get_tag(setup, "", "unexpected");
  self->tag_derived = get_tag(setup, "", "derived");
  self->tag_contradiction = get_tag(setup, "", "contradiction");
  self->tag_malformed = get_tag(setup, "", "malformed");
  self->tag_duplicate = get_tag(setup, "", "duplicate");
  for (guint i = 0; i < CD_N_REASONS; i++)
    self->tag_reasons[i] = get_tag(setup, "reason.", cd_reason_get_info(i)->name);
  for (guint i = CD_LAYER_NONE + 1; i < CD_N_LAYERS; i++)
    self->tag_layers[i] = get_tag(setup, "layer.", cd_layer_get_info(i)->name);
}

static NVHandle
get_handle(const gchar *prefix, const gchar *name)
{
  g_autofree gchar *full = g_strconcat(prefix, name, NULL);

  return log_msg_get_value_handle(full);
}

static void
prepare(Prepared *self, const Setup *setup)
{
  self->parser = sng_test_parser(setup->config);
  g_assert_nonnull(self->parser);
  if (setup->next_hop)
    self->next_hop = sng_test_parser(setup->next_hop);
  for (guint i = 0; i < CD_N_PAIR_FIELDS; i++)
    self->pairs[i] = get_handle(setup->prefix, cd_field_get_info(i)->name.data);
  prepare_tags(self, setup);
}

static void
add_handle(gchar *name, NVHandle handle)
{
  g_hash_table_insert(handles_by_name, name, GUINT_TO_POINTER(handle));
}

static void
prepare_handles(void)
{
  static const gchar *const others[] = { "PROGRAM",     "HOST",          "PID",
                                         "MSGID",       "HOST_FROM",     "RAWMSG",
                                         ".coder.rule", "LEGACY_MSGHDR", ".SDATA.meta.sequenceId" };

  handles_by_name = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  for (guint i = 0; i < CD_N_WIRE_FIELDS; i++)
    {
      const gchar *name = cd_field_get_info(i)->name.data;
      g_autofree gchar *journald = cd_field_to_journald(i);

      add_handle(g_strdup(name), get_handle(".SDATA.coder@32473.", name));
      add_handle(g_strconcat("v.", name, NULL), get_handle(".SDATA.verdict@32473.", name));
      add_handle(g_strdup(journald), get_handle(".journald.", journald));
    }
  for (gsize i = 0; i < G_N_ELEMENTS(others); i++)
    add_handle(g_strdup(others[i]), log_msg_get_value_handle(others[i]));
}

static guint
count_tags(void)
{
  guint count = 0;

  while (log_tags_get_by_id(count))
    count++;
  return count;
}

int LLVMFuzzerInitialize(int *argc, char ***argv);

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
  sng_test_init();
  msg_format_options_defaults(&raw_options);
  raw_options.flags |= LP_SYSLOG_PROTOCOL | LP_STORE_RAW_MESSAGE;
  msg_format_options_init(&raw_options, configuration);
  for (gsize i = 0; i < G_N_ELEMENTS(setups); i++)
    prepare(&prepared[i], &setups[i]);
  prepare_handles();
  declared_reason = get_handle(".SDATA.coder@32473.", "disconnect_reason");
  raw_message = log_msg_get_value_handle("RAWMSG");
  n_tags = count_tags();
  return 0;
}

/* "NAME=VALUE" of a known name, and a newline. */
static gboolean
take_value(CdText *text, LogMessage *message)
{
  const gchar *equals = text->length ? memchr(text->data, '=', MIN(text->length, 64)) : NULL;
  const gchar *end = text->data + text->length;
  const gchar *newline = equals ? memchr(equals, '\n', (gsize) (end - equals)) : NULL;
  gchar name[64];
  gpointer handle;

  if (!newline)
    return FALSE;
  memcpy(name, text->data, (gsize) (equals - text->data));
  name[equals - text->data] = '\0';
  handle = g_hash_table_lookup(handles_by_name, name);
  if (!handle)
    return FALSE;
  log_msg_set_value(message, GPOINTER_TO_UINT(handle), equals + 1, newline - equals - 1);
  *text = cd_text_between(newline + 1, end);
  return TRUE;
}

static LogMessage *
fill_by_hand(CdText text)
{
  LogMessage *message = log_msg_new_empty();

  while (take_value(&text, message))
    ;
  log_msg_set_value(message, LM_V_MESSAGE, text.data, (gssize) text.length);
  return message;
}

static LogMessage *
make_message(guchar way, CdText text)
{
  switch (way % 5)
    {
    case 0:
      return sng_test_input(SNG_TEST_SYSLOG, text.data, (gssize) text.length);
    case 1:
      return sng_test_input(SNG_TEST_DEFAULT, text.data, (gssize) text.length);
    case 2:
      return sng_test_input(SNG_TEST_NO_PARSE, text.data, (gssize) text.length);
    case 3:
      return msg_format_parse(&raw_options, (const guchar *) text.data, text.length);
    default:
      return fill_by_hand(text);
    }
}

static CdText
get_value(const LogMessage *message, NVHandle handle)
{
  gssize length;
  const gchar *value = log_msg_get_value_if_set(message, handle, &length);

  return (CdText) { value, value ? (gsize) length : 0 };
}

static gboolean
has_tag(const LogMessage *message, LogTagId id)
{
  return log_msg_is_tag_by_id((LogMessage *) message, id);
}

static gboolean
is_pair(const Prepared *self, NVHandle handle)
{
  for (guint i = 0; i < CD_N_PAIR_FIELDS; i++)
    if (self->pairs[i] == handle)
      return TRUE;
  return FALSE;
}

typedef struct
{
  const Prepared *prepared;
  const LogMessage *other;
} Comparison;

/* What is no pair of ours is in the other message, too, and the same. */
static gboolean
check_other_value(NVHandle handle, const gchar *name, const gchar *value, gssize length,
                  NVType type, gpointer user_data)
{
  const Comparison *self = user_data;

  if (!is_pair(self->prepared, handle))
    g_assert_true(
      cd_text_equal((CdText) { value, (gsize) length }, get_value(self->other, handle)));
  return FALSE;
}

static gboolean
is_tag_of_ours(const Prepared *self, LogTagId id)
{
  const LogTagId marks[] = { self->tag_disconnect, self->tag_expected,      self->tag_unexpected,
                             self->tag_derived,    self->tag_contradiction, self->tag_malformed,
                             self->tag_duplicate };

  for (gsize i = 0; i < G_N_ELEMENTS(marks); i++)
    if (marks[i] == id)
      return TRUE;
  for (guint i = 0; i < CD_N_REASONS; i++)
    if (self->tag_reasons[i] == id)
      return TRUE;
  for (guint i = CD_LAYER_NONE + 1; i < CD_N_LAYERS; i++)
    if (self->tag_layers[i] == id)
      return TRUE;
  return FALSE;
}

static gboolean
check_tag(const LogMessage *message, LogTagId id, const gchar *name, gpointer user_data)
{
  const Comparison *self = user_data;

  g_assert_true(is_tag_of_ours(self->prepared, id) || has_tag(self->other, id));
  return TRUE;
}

/* Nothing but pairs and tags of the closed sets is added, and nothing else is changed. */
static void
check_rest(const Prepared *self, const LogMessage *before, const LogMessage *after)
{
  Comparison with_before = { self, before };
  Comparison with_after = { self, after };

  log_msg_values_foreach(after, check_other_value, &with_before);
  log_msg_values_foreach(before, check_other_value, &with_after);
  log_msg_tags_foreach(after, check_tag, &with_before);
  g_assert_cmpuint(after->pri, ==, before->pri);
}

static void
read_pairs(const Prepared *self, const LogMessage *message, CdRecord *record)
{
  record->present = 0;
  for (guint i = 0; i < CD_N_PAIR_FIELDS; i++)
    {
      CdText value = get_value(message, self->pairs[i]);
      if (value.data)
        cd_record_set(record, i, value);
    }
}

static void
check_tags(const Prepared *self, const LogMessage *message, const CdRecord *record)
{
  CdReason reason;
  CdLayer layer;

  g_assert_true(cd_reason_parse(cd_record_get(record, CD_FIELD_DISCONNECT_REASON), &reason));
  g_assert_true(cd_layer_parse(cd_record_get(record, CD_FIELD_CONNECT_TYPE), &layer));
  for (guint i = 0; i < CD_N_REASONS; i++)
    g_assert_cmpint(has_tag(message, self->tag_reasons[i]), ==, i == reason);
  for (guint i = CD_LAYER_NONE + 1; i < CD_N_LAYERS; i++)
    g_assert_cmpint(has_tag(message, self->tag_layers[i]), ==, i == layer);
  g_assert_cmpint(has_tag(message, self->tag_expected), ==, cd_reason_is_expected(reason));
  g_assert_cmpint(has_tag(message, self->tag_unexpected), ==, !cd_reason_is_expected(reason));
}

/* What is worked out from a broken record is never an end in order. */
static void
check_doubt(const Prepared *self, const LogMessage *message)
{
  if (has_tag(message, self->tag_malformed) && has_tag(message, self->tag_derived))
    g_assert_false(has_tag(message, self->tag_expected));
}

/* Whatever else is said: a reason of the vocabulary stays what it is. The raw message may know of
 * another one that came first. */
static void
check_declared(const LogMessage *before, const CdRecord *record)
{
  CdText said = get_value(before, declared_reason);
  CdReason reason;

  if (!cd_text_is(cd_record_get(record, CD_FIELD_SOURCE), "sdata")
      || get_value(before, raw_message).length)
    return;
  if (said.data && cd_reason_parse(said, &reason) && reason != CD_REASON_UNKNOWN)
    g_assert_true(cd_text_equal(cd_record_get(record, CD_FIELD_DISCONNECT_REASON), said));
}

static void
check_record(const Prepared *self, const LogMessage *before, const LogMessage *after)
{
  CdRecord record;

  read_pairs(self, after, &record);
  cd_record_foreach(&record, CD_N_PAIR_FIELDS, fuzz_check_pair, NULL);
  fuzz_check_words(&record);
  fuzz_check_exit_code(cd_record_get(&record, CD_FIELD_EXIT_CODE));
  check_tags(self, after, &record);
  check_doubt(self, after);
  check_declared(before, &record);
}

/* Broken and without a verdict: one tag is all. */
static void
check_malformed(const Prepared *self, const LogMessage *before, const LogMessage *after)
{
  CdRecord old, new;

  read_pairs(self, before, &old);
  read_pairs(self, after, &new);
  g_assert_cmpuint(old.present, ==, new.present);
  g_assert_true(has_tag(after, self->tag_malformed));
  g_assert_false(has_tag(after, self->tag_expected) || has_tag(after, self->tag_unexpected));
}

/* The same from a message that is changed in place, but for the mark of a second one. */
static void
check_same(const Prepared *self, const LogMessage *message, const LogMessage *again)
{
  CdRecord first, second;

  read_pairs(self, message, &first);
  read_pairs(self, again, &second);
  g_assert_cmpuint(first.present, ==, second.present);
  fuzz_check_same(&first, &second, CD_N_PAIR_FIELDS);
  for (guint i = 0; i < n_tags; i++)
    if (i != self->tag_duplicate)
      g_assert_cmpint(has_tag(message, i), ==, has_tag(again, i));
}

/* syslog-ng takes what stands behind the last dot of a name for the parameter, and writes `[.g]` as
 * `[ g=""]`: nobody can read that message any more. */
static gboolean
is_written_wrong(const LogMessage *message)
{
  for (guint i = 0; i < message->num_sdata; i++)
    {
      const gchar *name = log_msg_get_value_name(message->sdata[i], NULL) + logmsg_sd_prefix_len;
      const gchar *dot = strrchr(name, '.');

      if (dot == name)
        return TRUE;
    }
  return FALSE;
}

/* The next hop reads the verdict that stands in the structured data, and has no doubts. */
static void
check_next_hop(const Prepared *self, const LogMessage *message)
{
  static const CdField kept[] = {
    CD_FIELD_CONNECT_TYPE,
    CD_FIELD_SITE,
    CD_FIELD_DISCONNECT_REASON,
    CD_FIELD_DISCONNECT_EXPECTED,
    CD_FIELD_DISCONNECT_INITIATOR,
    CD_FIELD_DISCONNECT_DETAIL,
    CD_FIELD_EXIT_CODE,
  };
  const Prepared *reader = &prepared[0];
  g_autoptr(GString) line = g_string_new("<30>1 2026-11-21T07:37:29Z ws a 7 - ");
  LogMessage *relayed;
  CdRecord sent, got;

  log_msg_append_format_sdata(message, line, 0);
  g_string_append(line, " text");
  relayed = sng_test_input(SNG_TEST_SYSLOG, line->str, (gssize) line->len);
  g_assert_true(sng_test_process(self->next_hop, &relayed));
  read_pairs(self, message, &sent);
  read_pairs(reader, relayed, &got);
  for (gsize i = 0; i < G_N_ELEMENTS(kept); i++)
    g_assert_true(cd_text_equal(cd_record_get(&sent, kept[i]), cd_record_get(&got, kept[i])));
  g_assert_false(has_tag(relayed, reader->tag_contradiction));
  g_assert_false(has_tag(relayed, reader->tag_malformed));
  log_msg_unref(relayed);
}

/* No name and no tag comes with a message. */
static gboolean
process(LogParser *parser, LogMessage **message)
{
  const guint n_names = logmsg_registry->names->len;
  gboolean passed = sng_test_process(parser, message);
  g_assert_cmpuint(logmsg_registry->names->len, ==, n_names);
  g_assert_null(log_tags_get_by_id(n_tags));
  return passed;
}

static gboolean
has_room(const LogMessage *message)
{
  return message->num_sdata + CD_N_PAIR_FIELDS <= SDATA_LISTED_MAX;
}

static void
check_ours(gsize setup, guchar way, CdText text, const LogMessage *before, const LogMessage *after)
{
  const Prepared *self = &prepared[setup];
  LogMessage *in_place = make_message(way, text);
  LogMessage *again = in_place;

  check_rest(self, before, after);
  if (!has_tag(after, self->tag_disconnect))
    check_malformed(self, before, after);
  else if (has_room(before))
    check_record(self, before, after);
  g_assert_true(process(self->parser, &again));
  g_assert_true(again == in_place);
  check_same(self, after, again);
  if (self->next_hop && has_tag(after, self->tag_disconnect) && has_room(before)
      && !is_written_wrong(before))
    check_next_hop(self, after);
  log_msg_unref(again);
}

int
LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
  static gchar line[TEXT_MAX];
  CdText text = { line, MIN(size < 2 ? 0 : size - 2, TEXT_MAX - 1) };
  LogMessage *before, *after;
  gsize setup;
  gboolean passed;

  if (size < 2)
    return 0;
  /* syslog-ng looks at the byte behind the line. */
  memcpy(line, data + 2, text.length);
  line[text.length] = '\0';
  setup = data[1] % G_N_ELEMENTS(setups);
  before = make_message(data[0], text);
  log_msg_write_protect(before);
  after = log_msg_ref(before);
  passed = process(prepared[setup].parser, &after);
  g_assert_cmpint(passed, ==, after != before || !setups[setup].drops_others);
  if (after != before)
    check_ours(setup, data[0], text, before, after);
  log_msg_unref(after);
  log_msg_unref(before);
  scratch_buffers_explicit_gc();
  return 0;
}
