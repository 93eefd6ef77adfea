/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CD_JOURNAL_H
#define CD_JOURNAL_H

#include "disconnect/statement.h"

/** What an entry of the journal turned out to hold. */
typedef enum
{
  CD_JOURNAL_NOTHING, /* no entry, or one that cannot be read */
  CD_JOURNAL_FIELDS,  /* native fields with a reason; the statement has them */
  CD_JOURNAL_TEXT,    /* a log line in MESSAGE */
} CdJournalEntry;

/** The cheap gate: whether an object can be an entry of the journal. */
gboolean cd_journal_matters(CdText text);

/** Whether the key of a reason stands in an entry that may be broken. */
gboolean cd_journal_claims(CdText text);

/**
 * Reads an entry as `journalctl -o json` prints it. Bytes of a field that are no text stand there
 * as an array of numbers, the values of a repeated field as an array; the first value stands,
 * another one is a contradiction.
 *
 * @text: begins with `{`
 * @message: (out): MESSAGE in the statement's storage, for %CD_JOURNAL_TEXT
 */
CdJournalEntry cd_journal_read(CdText text, CdStatement *statement, CdText *message);

#endif
