/* SPDX-License-Identifier: GPL-2.0-or-later WITH AdditionRef-OpenSSL */
#include "coder-disconnect.h"

#include "coder-disconnect-compat.h"
#include "coder-disconnect-counters.h"
#include "coder-disconnect-ends.h"
#include "coder-disconnect-json.h"
#include "coder-disconnect-reader.h"
#include "coder-disconnect-writer.h"

#include "cfg-tree.h"
#include "messages.h"

typedef struct
{
  LogParser super;
  CoderOptions options;
  CoderNames names;
  CoderCounters counters;
  gboolean has_counters;
  CoderEnds *ends; /* NULL where duplicates are not looked for */
} CoderDisconnect;

static LogParser *_new_empty(GlobalConfig *cfg);

static void
_report(const LogMessage *message, const CdStatement *statement, const CdJudgement *judgement)
{
  msg_trace("coder-disconnect() recognised a disconnect",
            evt_tag_str("reason", cd_reason_get_info(judgement->verdict.reason)->name),
            evt_tag_str("source", cd_source_get_info(statement->source)->name),
            evt_tag_int("rule", (gint) judgement->verdict.rule->number));
}

/* The sender: a rescued record names it in the header that the source has swallowed. */
static CdText
_get_host(const LogMessage *message, const CdStatement *statement)
{
  CdText rescued = cd_record_get(&statement->said, CD_FIELD_HOST);
  gssize length;
  const gchar *host = log_msg_get_value(message, LM_V_HOST, &length);

  return cd_text_is_empty(rescued) ? (CdText) { host, (gsize) length } : rescued;
}

static gboolean
_is_duplicate(CoderDisconnect *self, const CoderEndId *end)
{
  guint n_evicted;
  gboolean is_known;

  if (end->kind == CODER_END_NONE)
    return FALSE;
  is_known = coder_ends_note(self->ends, end, &n_evicted);
  coder_counters_add_evicted(&self->counters, n_evicted);
  return is_known;
}

/* One end counts once; what later lines say about it stands on those lines. */
static void
_count(CoderDisconnect *self, LogMessage *message, const CoderEndId *end, CdSource source,
       const CdJudgement *judgement)
{
  if (!_is_duplicate(self, end))
    {
      coder_counters_add(&self->counters, source, judgement);
      return;
    }
  coder_writer_write_duplicate(&self->names, message);
  coder_counters_add_duplicate(&self->counters);
}

static void
_process_record(CoderDisconnect *self, LogMessage **pmsg, const LogPathOptions *path_options,
                CdStatement *statement)
{
  /* Views into the message stay good, whatever is set: a payload in use is copied, not moved. */
  NVTable *payload = nv_table_ref((*pmsg)->payload);
  CoderEndId end = { CODER_END_NONE };
  CdJudgement judgement;
  LogMessage *message;

  cd_judge(statement, &judgement);
  if (self->ends)
    coder_ends_identify(self->ends, &end, _get_host(*pmsg, statement), statement,
                        &judgement.verdict);
  message = log_msg_make_writable(pmsg, path_options);
  coder_writer_write(&self->names, message, statement, &judgement);
  _count(self, message, &end, statement->source, &judgement);
  _report(message, statement, &judgement);
  nv_table_unref(payload);
}

static void
_process_malformed(CoderDisconnect *self, LogMessage **pmsg, const LogPathOptions *path_options)
{
  LogMessage *message = log_msg_make_writable(pmsg, path_options);

  coder_writer_write_malformed(&self->names, message);
  coder_counters_add_malformed(&self->counters);
  msg_trace("coder-disconnect() found a broken record");
}

static gboolean
_process(LogParser *s, LogMessage **pmsg, const LogPathOptions *path_options, const gchar *input,
         gsize input_len)
{
  CoderDisconnect *self = (CoderDisconnect *) s;
  CoderReading reading;
  gboolean is_ours;

  is_ours = coder_reading_read(&reading, *pmsg, (CdText) { input, input_len },
                               coder_compat_has_template(s), &self->names, &self->options);
  if (is_ours && cd_statement_is_record(&reading.statement))
    _process_record(self, pmsg, path_options, &reading.statement);
  else if (is_ours)
    _process_malformed(self, pmsg, path_options);
  coder_reading_clear(&reading);
  return is_ours || !self->options.drop_unmatched;
}

static gboolean
_init(LogPipe *s)
{
  CoderDisconnect *self = (CoderDisconnect *) s;
  g_autoptr(GError) error = NULL;

  if (!log_parser_init_method(s))
    return FALSE;
  if (!coder_json_load(&error) || !coder_names_init(&self->names, &self->options, &error))
    {
      msg_error("coder-disconnect() cannot start", evt_tag_str("error", error->message),
                log_pipe_location_tag(s));
      return FALSE;
    }
  coder_counters_init(&self->counters, self->super.name);
  self->has_counters = TRUE;
  if (self->options.duplicate_window)
    self->ends = coder_ends_new(self->options.duplicate_window);
  return TRUE;
}

static gboolean
_deinit(LogPipe *s)
{
  CoderDisconnect *self = (CoderDisconnect *) s;

  if (self->has_counters)
    coder_counters_deinit(&self->counters, self->super.name);
  self->has_counters = FALSE;
  g_clear_pointer(&self->ends, coder_ends_free);
  return log_parser_deinit_method(s);
}

static LogPipe *
_clone(LogPipe *s)
{
  CoderDisconnect *self = (CoderDisconnect *) s;
  LogParser *cloned = _new_empty(log_pipe_get_config(s));

  coder_compat_clone_settings(&self->super, cloned);
  coder_options_copy(coder_disconnect_get_options(cloned), &self->options);
  return &cloned->super;
}

static void
_free(LogPipe *s)
{
  CoderDisconnect *self = (CoderDisconnect *) s;

  coder_options_clear(&self->options);
  log_parser_free_method(s);
}

static LogParser *
_new_empty(GlobalConfig *cfg)
{
  CoderDisconnect *self = g_new0(CoderDisconnect, 1);

  log_parser_init_instance(&self->super, cfg);
  self->super.process = _process;
  self->super.super.init = _init;
  self->super.super.deinit = _deinit;
  self->super.super.clone = _clone;
  self->super.super.free_fn = _free;
  return &self->super;
}

LogParser *
coder_disconnect_new(GlobalConfig *cfg)
{
  LogParser *self = _new_empty(cfg);

  coder_options_init(coder_disconnect_get_options(self));
  return self;
}

CoderOptions *
coder_disconnect_get_options(LogParser *parser)
{
  return &((CoderDisconnect *) parser)->options;
}

gboolean
coder_disconnect_set_template(LogParser *parser, GList *values, GError **error)
{
  const gchar *value = coder_options_get_template(values, error);
  g_autoptr(GError) why = NULL;
  LogTemplate *template;

  if (!value)
    return FALSE;
  template = cfg_tree_check_inline_template(&log_pipe_get_config(&parser->super)->tree, value,
                                            &why);
  if (!template)
    return coder_options_refuse_template(value, why->message, error);
  log_parser_set_template(parser, template);
  return TRUE;
}
