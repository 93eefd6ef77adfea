/* SPDX-License-Identifier: GPL-2.0-or-later WITH AdditionRef-OpenSSL */
#ifndef CODER_DISCONNECT_WRITER_H
#define CODER_DISCONNECT_WRITER_H

#include "coder-disconnect-names.h"

#include "disconnect/judge.h"

/* Sets the pairs and tags of a judged statement on a writable message. A verdict that structured
 * data has no more room for is not written there, and marked as malformed.
 *
 * The statement's views may point into the message's own payload; the caller keeps that alive. */
void coder_writer_write(const CoderNames *names, LogMessage *message, CdStatement *statement,
                        CdJudgement *judgement);

/* Tags a writable message as one more about an end that is known. */
void coder_writer_write_duplicate(const CoderNames *names, LogMessage *message);

/* Tags a writable message as broken. */
void coder_writer_write_malformed(const CoderNames *names, LogMessage *message);

#endif
