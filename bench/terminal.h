/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef BENCH_TERMINAL_H
#define BENCH_TERMINAL_H

#include <glib.h>

/* Clients of one terminal at most. */
#define BENCH_CLIENTS_MAX 4

/* What stands between the program (play.h) and who reads it. */
typedef enum
{
  BENCH_SERVER_BARE, /* nothing: its pty is read */
  BENCH_SERVER_RELAY,
  BENCH_SERVER_BUFFERED, /* coder-agentd */
  BENCH_SERVER_TERMINAL,
  BENCH_SERVER_DTACH, /* these in a pty of their own, which is read */
  BENCH_SERVER_TMUX,
  BENCH_SERVER_SCREEN,
  BENCH_N_SERVERS
} BenchServer;

/* Where all of them run. */
typedef struct _BenchPlace
{
  gchar *agentd;   /* the program */
  gchar *folder;   /* empty; home of all */
  gsize kilobytes; /* of a flood */
  gchar *socket;   /* of the agent */
  GPid agent;      /* 0 for none */
} BenchPlace;

typedef struct _BenchTerminal BenchTerminal;

/* A server's name. */
const gchar *bench_server_get_name(BenchServer server);

/* Makes the folder. */
void bench_place_init(BenchPlace *self, const gchar *agentd, gsize kilobytes);

/* Starts the agent, with settings of its own, and waits until it listens. */
void bench_place_start_agent(BenchPlace *self, const gchar *setting);

/* Has it end. */
void bench_place_stop_agent(BenchPlace *self);

/* Stops it, and removes the folder. */
void bench_place_clear(BenchPlace *self);

/* A client of the agent's session with this id, which runs the command if it is new. */
gint bench_place_attach(const BenchPlace *self, BenchServer server, const gchar *id,
                        const gchar *command);

/* Starts the program, and waits until each client sees it. Returns: NULL where the server is not
 * installed, or has no second client */
BenchTerminal *bench_terminal_new(BenchPlace *place, BenchServer server, guint n_clients);

/* Has the program end, and waits for it. */
void bench_terminal_free(BenchTerminal *self);

/* Types a key, at the first client. */
void bench_terminal_type(BenchTerminal *self, gchar key);

/* Waits until all clients have seen the next mark. */
void bench_terminal_await_mark(BenchTerminal *self);

/* Waits until the first client gets anything. */
void bench_terminal_await_any(BenchTerminal *self);

/* Nanoseconds of CPU that the server has taken; 0 where nobody knows. */
gdouble bench_terminal_get_cpu(const BenchTerminal *self);

/* Its session's id, and the next mark, for clients of one's own. */
const gchar *bench_terminal_get_id(const BenchTerminal *self);
gchar *bench_terminal_expect_mark(BenchTerminal *self);

/* Reads until the text has come. */
void bench_await(gint fd, const gchar *text);

/* Prints what failed with errno, and ends the program. */
void bench_fail(const gchar *what) G_GNUC_NORETURN;

#endif
