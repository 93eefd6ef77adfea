/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CD_STATEMENT_H
#define CD_STATEMENT_H

#include "disconnect/record.h"
#include "disconnect/site.h"

/**
 * CdStatement:
 * @source: the format it was read from
 * @message: (nullable): the row of a log message that is a record by itself
 * @said: the sender's fields; cd_judge() turns them into the record
 * @malformed: broken somewhere
 * @contradiction: says two things at once
 * @chunk: (nullable): storage of values that had to be unquoted or joined
 * @owner: (nullable): storage that other values are views into
 * @free_owner: frees @owner
 *
 * What a sender says about the end of a connection, whatever the format. Initialise with
 * cd_statement_init(), and free with cd_statement_clear().
 */
typedef struct _CdStatement
{
  CdSource source;
  const CdSiteMessage *message;
  CdRecord said;
  gboolean malformed;
  gboolean contradiction;
  GStringChunk *chunk;
  gpointer owner;
  GDestroyNotify free_owner;
} CdStatement;

/** Makes it empty. Touches no more than it must: it stands on the hot path. */
static inline void
cd_statement_init(CdStatement *self, CdSource source)
{
  self->source = source;
  self->message = NULL;
  self->said.present = 0;
  self->malformed = FALSE;
  self->contradiction = FALSE;
  self->chunk = NULL;
  self->owner = NULL;
  self->free_owner = NULL;
}

/** Frees what it holds. */
void cd_statement_clear(CdStatement *self);

/**
 * Copies @text into the statement's own storage.
 *
 * Returns: (transfer none): the copy, valid until cd_statement_clear()
 */
CdText cd_statement_store(CdStatement *self, CdText text);

/**
 * Copies @head and @tail as one text into the statement's own storage.
 *
 * Returns: (transfer none): the copy, valid until cd_statement_clear()
 */
CdText cd_statement_store_joined(CdStatement *self, CdText head, CdText tail);

/**
 * Takes a field that the sender names; the first value of a field stands, another one later is a
 * contradiction.
 */
void cd_statement_add(CdStatement *self, CdField field, CdText value);

/**
 * Takes over the reason of coderd's connection log: a `DisconnectReason` that is not empty and
 * stands beside another key of that log, `Type` or `ID` (spec: taxonomy, section 6 c).
 */
void cd_statement_settle_connection_log(CdStatement *self);

/**
 * Whether it is a record (spec: taxonomy, section 6): it has the key `disconnect_reason`, or its
 * message is one of the known ones.
 */
gboolean cd_statement_is_record(const CdStatement *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(CdStatement, cd_statement_clear)

#endif
