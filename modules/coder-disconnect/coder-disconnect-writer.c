/* SPDX-License-Identifier: GPL-2.0-or-later WITH AdditionRef-OpenSSL */
#include "coder-disconnect-writer.h"

#define CODER_PAIR_FIELDS (CD_FIELD_BIT(CD_N_PAIR_FIELDS) - 1)

/* Written into the very pairs it was read from, a value would change under the reader's views. */
static void
_detach(CdStatement *statement)
{
  for (guint i = 0; i < CD_N_PAIR_FIELDS; i++)
    if (cd_record_has(&statement->said, i))
      statement->said.values[i] = cd_statement_store(statement, statement->said.values[i]);
}

static gboolean
_is_set(const LogMessage *message, NVHandle handle)
{
  gssize length;

  return log_msg_get_value_if_set(message, handle, &length) != NULL;
}

/* What stands in the element where the verdict goes, and the verdict does not have: left there, it
 * would travel on as a part of the verdict. */
static void
_unset_others(const CoderNames *names, LogMessage *message, const CdRecord *record)
{
  for (guint i = 0; i < CD_N_PAIR_FIELDS; i++)
    if (!cd_record_has(record, i) && _is_set(message, names->pairs[i]))
      log_msg_unset_value(message, names->pairs[i]);
}

static gboolean
_has_room_in_sdata(const CoderNames *names, const LogMessage *message, const CdRecord *record)
{
  guint n_new = 0;

  for (guint i = 0; i < CD_N_PAIR_FIELDS; i++)
    n_new += cd_record_has(record, i) && !_is_set(message, names->pairs[i]);
  return message->num_sdata + n_new <= CODER_SDATA_LISTED_MAX;
}

/* Returns: whether the verdict can be written there whole. */
static gboolean
_prepare_sdata(const CoderNames *names, LogMessage *message, CdStatement *statement)
{
  _detach(statement);
  if (!_has_room_in_sdata(names, message, &statement->said))
    return FALSE;
  _unset_others(names, message, &statement->said);
  return TRUE;
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
                                    names->types[field]);
    }
}

static void
_write_tag(const CoderNames *names, LogMessage *message, guint tag)
{
  log_msg_set_tag_by_id(message, names->tags[tag]);
}

static void
_write_tags(const CoderNames *names, LogMessage *message, const CdJudgement *judgement)
{
  const CdVerdict *verdict = &judgement->verdict;

  _write_tag(names, message, CD_TAG_DISCONNECT);
  _write_tag(names, message, verdict->expected ? CD_TAG_EXPECTED : CD_TAG_UNEXPECTED);
  _write_tag(names, message, CD_TAG_REASON + verdict->reason);
  if (judgement->layer != CD_LAYER_NONE)
    _write_tag(names, message, cd_tag_of_layer(judgement->layer));
  for (guint i = 0; i < CD_N_MARKS; i++)
    if (cd_mark_is_set(i, judgement))
      _write_tag(names, message, CD_TAG_MARK + i);
}

void
coder_writer_write(const CoderNames *names, LogMessage *message, CdStatement *statement,
                   CdJudgement *judgement)
{
  if (!names->pairs_are_sdata || _prepare_sdata(names, message, statement))
    _write_pairs(names, message, &statement->said);
  else
    judgement->malformed = TRUE;
  _write_tags(names, message, judgement);
}

void
coder_writer_write_duplicate(const CoderNames *names, LogMessage *message)
{
  _write_tag(names, message, CD_TAG_DUPLICATE);
}

void
coder_writer_write_malformed(const CoderNames *names, LogMessage *message)
{
  _write_tag(names, message, CD_TAG_MARK + CD_MARK_MALFORMED);
}
