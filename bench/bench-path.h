/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef BENCH_PATH_H
#define BENCH_PATH_H

#include "logpipe.h"

/* Starts syslog-ng in this process and reads FOLDER/parsers.conf and FOLDER/messages.txt.
 * Modules are looked for in CODER_MODULE_PATH.  Ends the program where that fails. */
void bench_start(const gchar *folder);

/* Ends what bench_start() and bench_path_new() have started. */
void bench_stop(void);

/* Chains fresh clones of objects of parsers.conf ("f_sdata r_sdata") before end.  Returns the head,
 * which is end itself for no objects; it lives until bench_stop(). */
LogPipe *bench_path_new(const gchar *objects, LogPipe *end);

/* Puts a pipe of one's own before end; it lives until bench_stop(). */
LogPipe *bench_path_new_own(LogPipe *pipe, LogPipe *end);

/* A message, read afresh from the text of messages.txt that has this name. */
LogMessage *bench_message_new(const gchar *name);

/* Prints why and ends the program. */
void bench_die(const gchar *format, ...) G_GNUC_PRINTF(1, 2) G_GNUC_NORETURN;

#endif
