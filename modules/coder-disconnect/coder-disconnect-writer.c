/* SPDX-License-Identifier: GPL-2.0-or-later WITH AdditionRef-OpenSSL */
#include "coder-disconnect-writer.h"

#include "coder-disconnect-compat.h"

#define CODER_PAIR_FIELDS (CD_FIELD_BIT(CD_N_PAIR_FIELDS) - 1)

static LogMessageValueType
_type_of(CdKind kind)
{
  switch (kind)
    {
    case CD_KIND_INTEGER:
      return CODER_LM_VT_INTEGER;
    case CD_KIND_BOOLEAN:
      return LM_VT_BOOLEAN;
    case CD_KIND_STRING:
      return LM_VT_STRING;
    }
  g_return_val_if_reached(LM_VT_STRING);
}

/* Written into the very pairs it was read from, a value would change under the reader's views. */
static void
_detach(CdStatement *statement)
{
  for (guint i = 0; i < CD_N_PAIR_FIELDS; i++)
    if (cd_record_has(&statement->said, i))
      statement->said.values[i] = cd_statement_store(statement, statement->said.values[i]);
}

/* What the sender put into the element where the verdict goes, and the verdict does not have:
 * left there, it would travel on beside the verdict. */
static void
_unset_refused(const CoderNames *names, LogMessage *message, const CdRecord *record)
{
  const CdField refusable[] = {
    CD_FIELD_CONNECT_TYPE,      CD_FIELD_SITE,      CD_FIELD_DISCONNECT_INITIATOR,
    CD_FIELD_CONNECTION_METHOD, CD_FIELD_EXIT_CODE,
  };

  for (gsize i = 0; i < G_N_ELEMENTS(refusable); i++)
    if (!cd_record_has(record, refusable[i]))
      log_msg_unset_value(message, names->pairs[refusable[i]]);
}

static void
_write_pairs(const CoderNames *names, LogMessage *message, const CdRecord *record)
{
  guint64 fields = record->present & CODER_PAIR_FIELDS;

  while (fields)
    {
      CdField field = cd_record_take_field(&fields);
      CdText value = record->values[field];

      if (!cd_text_is_empty(value))
        log_msg_set_value_with_type(message, names->pairs[field], value.data, (gssize) value.length,
                                    _type_of(cd_field_get_info(field)->kind));
    }
}

static void
_write_tags(const CoderNames *names, LogMessage *message, const CdJudgement *judgement)
{
  const CdVerdict *verdict = &judgement->verdict;

  log_msg_set_tag_by_id(message, names->tag_disconnect);
  log_msg_set_tag_by_id(message, verdict->expected ? names->tag_expected : names->tag_unexpected);
  log_msg_set_tag_by_id(message, names->tag_reasons[verdict->reason]);
  if (judgement->layer != CD_LAYER_NONE)
    log_msg_set_tag_by_id(message, names->tag_layers[judgement->layer]);
  if (judgement->derived)
    log_msg_set_tag_by_id(message, names->tag_derived);
  if (judgement->contradiction)
    log_msg_set_tag_by_id(message, names->tag_contradiction);
  if (judgement->malformed)
    log_msg_set_tag_by_id(message, names->tag_malformed);
}

void
coder_writer_write(const CoderNames *names, LogMessage *message, CdStatement *statement,
                   const CdJudgement *judgement)
{
  if (names->pairs_are_sdata)
    {
      _detach(statement);
      _unset_refused(names, message, &statement->said);
    }
  _write_pairs(names, message, &statement->said);
  _write_tags(names, message, judgement);
}

void
coder_writer_write_malformed(const CoderNames *names, LogMessage *message)
{
  log_msg_set_tag_by_id(message, names->tag_malformed);
}
