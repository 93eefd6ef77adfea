/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef BENCH_PEERS_H
#define BENCH_PEERS_H

#include "disconnect/record.h"

#include <sys/types.h>

/* What one would log with instead: syslog(3) and sd_journal_send(3), with sockets of our own in
 * their places. */

/* Ends the program with what failed and errno. */
void bench_die(const gchar *what) G_GNUC_NORETURN;

/* 19 fields, with a detail of 60 bytes; a message has run_id as the twentieth. */
void bench_record_fill(CdRecord *record);

/* Enters a mount namespace, in which /dev/log and the journal's socket are ours, and drains them in
 * a process of its own.
 *
 * Returns: that process */
pid_t bench_peers_start(void);

/* A datagram socket to /dev/log. */
gint bench_peers_connect_log(void);

#ifdef HAVE_LIBSYSTEMD
/* The same fields to the journal. */
void bench_journal_send(const gchar *run_id);
#endif

#endif
