/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "disconnect/statement.h"

/* One line's worth; larger texts get a block of their own. */
#define CHUNK_SIZE 512

void
cd_statement_clear(CdStatement *self)
{
  g_clear_pointer(&self->chunk, g_string_chunk_free);
  if (self->free_owner)
    g_clear_pointer(&self->owner, self->free_owner);
}

CdText
cd_statement_store(CdStatement *self, CdText text)
{
  if (!self->chunk)
    self->chunk = g_string_chunk_new(CHUNK_SIZE);
  return (CdText) { g_string_chunk_insert_len(self->chunk, text.data, (gssize) text.length),
                    text.length };
}

CdText
cd_statement_store_joined(CdStatement *self, CdText head, CdText tail)
{
  g_autoptr(GString) joined = g_string_sized_new(head.length + tail.length);

  g_string_append_len(joined, head.data, (gssize) head.length);
  g_string_append_len(joined, tail.data, (gssize) tail.length);
  return cd_statement_store(self, (CdText) { joined->str, joined->len });
}

void
cd_statement_add(CdStatement *self, CdField field, CdText value)
{
  if (!cd_record_has(&self->said, field))
    cd_record_set(&self->said, field, value);
  else if (!cd_text_equal(self->said.values[field], value))
    self->contradiction = TRUE;
}

void
cd_statement_settle_connection_log(CdStatement *self)
{
  CdText reason = cd_record_get(&self->said, CD_FIELD_LOG_REASON);
  gboolean is_log = cd_record_has(&self->said, CD_FIELD_LOG_TYPE)
                    || cd_record_has(&self->said, CD_FIELD_LOG_ID);

  if (is_log && !cd_text_is_empty(reason)
      && !cd_record_has(&self->said, CD_FIELD_DISCONNECT_REASON))
    cd_record_set(&self->said, CD_FIELD_DISCONNECT_REASON, reason);
}

static gboolean
_has_error(const CdStatement *self)
{
  CdText error = cd_record_get(&self->said, CD_FIELD_ERROR);

  return !cd_text_is_empty(error) && cd_cause_from_text(error, NULL) != CD_CAUSE_NIL;
}

gboolean
cd_statement_is_record(const CdStatement *self)
{
  if (cd_record_has(&self->said, CD_FIELD_DISCONNECT_REASON))
    return TRUE;
  return self->message && (!self->message->needs_error || _has_error(self));
}
