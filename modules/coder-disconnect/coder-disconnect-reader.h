/* SPDX-License-Identifier: GPL-2.0-or-later WITH AdditionRef-OpenSSL */
#ifndef CODER_DISCONNECT_READER_H
#define CODER_DISCONNECT_READER_H

#include "coder-disconnect-names.h"

#include "disconnect/statement.h"

/* A header and the text after it, where a source took a line's head for a syslog header. */
#define CODER_JOINED_MAX 4096

/* What one message says.  Lives on the stack of process(). */
typedef struct
{
  CdStatement statement;
  gchar joined[CODER_JOINED_MAX];
} CoderReading;

/* Reads a message: structured data first, then native journald fields, then the text.
 *
 * has_template says that the text is not the message's own.  Returns whether it is ours: a record
 * or a broken one that claims to be; pair with coder_reading_clear() in both cases. */
gboolean coder_reading_read(CoderReading *self, const LogMessage *message, CdText text,
                            gboolean has_template, const CoderNames *names,
                            const CoderOptions *options);

/* Frees what the reading holds. */
static inline void
coder_reading_clear(CoderReading *self)
{
  cd_statement_clear(&self->statement);
}

#endif
