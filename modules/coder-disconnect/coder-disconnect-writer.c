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

/* The fields that have a value where the verdict goes. One walk, so that a message without any
 * costs next to nothing: nearly all are. */
static guint64
_find_fields(const CoderNames *names, const LogMessage *message)
{
  NVTable *payload = message->payload;
  const NVIndexEntry *index = nv_table_get_index(payload);
  guint64 fields = 0;

  for (guint i = 0; i < payload->index_size; i++)
    {
      const CoderSlot *slot = coder_handle_map_find(&names->own, index[i].handle);
      if (slot && _is_set(message, index[i].handle))
        fields |= CD_FIELD_BIT(slot->field);
    }
  return fields;
}

/* Of the verdict before; that the end was told of stays true. */
static void
_clear_tags(const CoderNames *names, LogMessage *message)
{
  for (guint i = 0; i < CD_N_TAGS; i++)
    if (i != CD_TAG_DUPLICATE)
      log_msg_clear_tag_by_id(message, names->tags[i]);
}

/* What is there already, of another parser, an earlier hop or a sender, would be taken for a part
 * of the verdict. A rule is there where there was a verdict; in structured data it is the
 * sender's, and no tag here tells of it. */
static void
_clear_others(const CoderNames *names, LogMessage *message, const CdRecord *record)
{
  const guint64 fields = _find_fields(names, message);
  guint64 rest = fields;

  if ((fields & CD_FIELD_BIT(CD_FIELD_RULE)) && !names->pairs_are_sdata)
    _clear_tags(names, message);
  while (rest)
    {
      CdField field = cd_record_take_field(&rest);
      if (cd_text_is_empty(cd_record_get(record, field)))
        log_msg_unset_value(message, names->pairs[field]);
    }
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
  return _has_room_in_sdata(names, message, &statement->said);
}

static void
_write_pairs(const CoderNames *names, LogMessage *message, const CdRecord *record)
{
  guint64 fields = record->present & CODER_PAIR_FIELDS;

  _clear_others(names, message, record);
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
