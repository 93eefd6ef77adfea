/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CD_SENDER_H
#define CD_SENDER_H

#include "disconnect/record.h"
#include "emit/spool.h"

/** Characters of a run's id. */
#define CD_SENDER_RUN_ID_LENGTH 16

/** The last sequenceId; the next one is 1 again (RFC 5424, 7.3.1). */
#define CD_SENDER_SEQUENCE_MAX 2147483647

/** The enterprise number of examples (RFC 5612), for those who have none of their own. */
#define CD_SENDER_PEN_EXAMPLE 32473

/**
 * CdSender:
 *
 * Who speaks: turns records into RFC 5424 messages that name host, program, run and how good the
 * clock is. (`run_id`, `sequenceId`) names a message for ever.
 */
typedef struct _CdSender CdSender;

/**
 * Makes a sender of this process.
 *
 * @app_name: APP-NAME and `software`
 * @pen: enterprise number behind `coder@`
 *
 * Returns: (transfer full): free with cd_sender_free()
 */
CdSender *cd_sender_new(const gchar *app_name, guint pen);

/** Frees it. */
void cd_sender_free(CdSender *self);

/** HOSTNAME, in place of the system's name. */
void cd_sender_set_host(CdSender *self, const gchar *host);

/** The id of this run: letters and digits, random. */
const gchar *cd_sender_get_run_id(const CdSender *self);

/** Goes on behind this sequenceId. */
void cd_sender_set_sequence(CdSender *self, guint32 sequence);

/** Looks again whether the clock is synchronised; once a minute is often enough. */
void cd_sender_look_at_clock(CdSender *self);

/**
 * Appends the message of a closing record.
 *
 * @record: its wire fields; `run_id` is the sender's
 * @time: microseconds since 1970
 *
 * Returns: its sequenceId
 */
guint32 cd_sender_append_record(CdSender *self, GString *out, const CdRecord *record, gint64 time);

/**
 * Appends the message that tells of lost ones, MSGID `dropped`. It has no sequenceId: it is one
 * target's, and the numbers of records have no gap at another target.
 */
void cd_sender_append_dropped(const CdSender *self, GString *out, const CdSpoolLoss *loss,
                              gint64 time);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(CdSender, cd_sender_free)

#endif
