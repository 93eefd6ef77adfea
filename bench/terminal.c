/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "terminal.h"

#include "clock.h"
#include "play.h"

#include "process/child.h"
#include "tests/support/pty-peer.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define READ_SIZE (64 * 1024)

/* Bytes of a text that is waited for at most, which a read may split. */
#define TEXT_MAX 16

/* Seconds until a server that says nothing is given up. */
#define PATIENCE 120

typedef struct _Reader
{
  gint fd;
  gsize n_kept; /* bytes of the last read in front of buffer's next ones */
  gchar buffer[TEXT_MAX + READ_SIZE];
} Reader;

struct _BenchTerminal
{
  BenchPlace *place;
  BenchServer server;
  gchar *id; /* of a session of the agent; NULL for the others */
  GPid relay;
  CdPtyPair pair;
  CdInherited *inherited;
  CdChild *child;
  guint n_marks;
  guint n_readers;
  Reader readers[BENCH_CLIENTS_MAX];
};

static const gchar *const names[] = {
  [BENCH_SERVER_BARE] = "bare pty",     [BENCH_SERVER_RELAY] = "relay",
  [BENCH_SERVER_BUFFERED] = "buffered", [BENCH_SERVER_TERMINAL] = "terminal",
  [BENCH_SERVER_DTACH] = "dtach",       [BENCH_SERVER_TMUX] = "tmux",
  [BENCH_SERVER_SCREEN] = "screen",
};
G_STATIC_ASSERT(G_N_ELEMENTS(names) == BENCH_N_SERVERS);

const gchar *
bench_server_get_name(BenchServer server)
{
  return names[server];
}

/* --- reading ---------------------------------------------------------------------------------- */

static void
_fill(Reader *self)
{
  gssize n = read(self->fd, self->buffer + self->n_kept, READ_SIZE);

  if (n <= 0)
    bench_fail("the terminal has ended");
  self->n_kept += (gsize) n;
}

/* Returns: whether the text is in what was read; what comes behind it is dropped. */
static gboolean
_has_text(Reader *self, const gchar *text)
{
  gsize length = strlen(text);
  gboolean has = memmem(self->buffer, self->n_kept, text, length) != NULL;
  gsize kept = has ? 0 : MIN(self->n_kept, length - 1);

  memmove(self->buffer, self->buffer + self->n_kept - kept, kept);
  self->n_kept = kept;
  return has;
}

static void
_await_one(Reader *self, const gchar *text)
{
  do
    _fill(self);
  while (!_has_text(self, text));
}

void
bench_await(gint fd, const gchar *text)
{
  g_autofree Reader *reader = g_new(Reader, 1);

  reader->fd = fd;
  reader->n_kept = 0;
  _await_one(reader, text);
}

static void
_await_all(BenchTerminal *self, const gchar *text)
{
  struct pollfd polls[BENCH_CLIENTS_MAX];
  guint n_left = self->n_readers;

  for (guint i = 0; i < self->n_readers; i++)
    polls[i] = (struct pollfd) { .fd = self->readers[i].fd, .events = POLLIN };
  while (n_left > 0 && poll(polls, self->n_readers, PATIENCE * 1000) > 0)
    for (guint i = 0; i < self->n_readers; i++)
      if (polls[i].revents)
        {
          _fill(&self->readers[i]);
          if (_has_text(&self->readers[i], text))
            {
              polls[i].fd = -1;
              n_left--;
            }
        }
  if (n_left > 0)
    bench_fail("a client got nothing");
}

gchar *
bench_terminal_expect_mark(BenchTerminal *self)
{
  return bench_play_get_mark(self->n_marks++);
}

void
bench_terminal_await_mark(BenchTerminal *self)
{
  g_autofree gchar *mark = bench_terminal_expect_mark(self);

  alarm(PATIENCE);
  if (self->n_readers == 1)
    _await_one(&self->readers[0], mark);
  else
    _await_all(self, mark);
  alarm(0);
}

void
bench_terminal_await_any(BenchTerminal *self)
{
  self->readers[0].n_kept = 0;
  _fill(&self->readers[0]);
  self->readers[0].n_kept = 0;
}

/* --- starting --------------------------------------------------------------------------------- */

static gchar *
_find_self(void)
{
  g_autofree gchar *path = g_file_read_link("/proc/self/exe", NULL);

  return path ? g_steal_pointer(&path) : g_strdup("bench-pty");
}

static GStrv
_join(const gchar *const *front, const BenchPlace *place)
{
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new();
  g_autofree gchar *self = _find_self();
  g_autofree gchar *size = g_strdup_printf("%" G_GSIZE_FORMAT, place->kilobytes);
  const gchar *play[] = { self, "--play", size, NULL };

  g_strv_builder_addv(builder, (const gchar **) front);
  g_strv_builder_addv(builder, play);
  return g_strv_builder_end(builder);
}

static void
_add_reader(BenchTerminal *self, gint fd)
{
  Reader *reader = &self->readers[self->n_readers++];

  reader->fd = fd;
  reader->n_kept = 0;
}

static void
_on_ended(CdChild *child, const CdChildEnd *end, gpointer user_data)
{
}

/* Returns: FALSE where the program is not installed. */
static gboolean
_start_in_pty(BenchTerminal *self, const gchar *const *front)
{
  g_auto(GStrv) argv = _join(front, self->place);
  g_auto(GStrv) environment = g_get_environ();
  g_autofree gchar *program = g_find_program_in_path(argv[0]);
  const CdChildOptions options = {
    .argv = (const gchar *const *) argv,
    .environment = (const gchar *const *) environment,
    .folder = self->place->folder,
    .pair = &self->pair,
    .inherited = self->inherited = cd_inherited_new(),
  };

  if (!program || !cd_pty_pair_open(&self->pair, 24, 80, NULL))
    return FALSE;
  self->child = cd_child_new(&options, _on_ended, self, NULL);
  if (!self->child)
    return FALSE;
  fcntl(self->pair.master, F_SETFL, 0);
  _add_reader(self, self->pair.master);
  return TRUE;
}

static gint
_connect(const gchar *path)
{
  gint fd;

  alarm(PATIENCE);
  while ((fd = pty_peer_connect(path)) < 0)
    g_usleep(1000);
  alarm(0);
  return fd;
}

static gboolean
_start_relay(BenchTerminal *self, guint n_clients)
{
  g_autofree gchar *self_path = _find_self();
  g_autofree gchar *folder = g_path_get_dirname(self_path);
  g_autofree gchar *program = g_build_filename(folder, "relay", NULL);
  g_autofree gchar *socket = g_build_filename(self->place->folder, "relay", NULL);
  const gchar *front[] = { program, socket, NULL };
  g_auto(GStrv) argv = _join(front, self->place);

  unlink(socket);
  if (!g_spawn_async(NULL, argv, NULL, G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL, &self->relay, NULL))
    return FALSE;
  for (guint i = 0; i < n_clients; i++)
    _add_reader(self, _connect(socket));
  return TRUE;
}

static gboolean
_start_session(BenchTerminal *self, guint n_clients)
{
  static const gchar *const front[] = { "exec", NULL };
  g_auto(GStrv) argv = _join(front, self->place);
  g_autofree gchar *command = g_strjoinv(" ", argv);

  self->id = g_uuid_string_random();
  for (guint i = 0; i < n_clients; i++)
    _add_reader(self, bench_place_attach(self->place, self->server, self->id, command));
  return TRUE;
}

static gboolean
_start(BenchTerminal *self, guint n_clients)
{
  g_autofree gchar *dtach = g_build_filename(self->place->folder, "dtach", NULL);
  const gchar *bare_front[] = { NULL };
  const gchar *dtach_front[] = { "dtach", "-c", dtach, "-z", "-r", "none", NULL };
  const gchar *tmux_front[] = { "tmux", "-f", "/dev/null", "-L", "bench", "new-session", NULL };
  const gchar *screen_front[] = { "screen", "-c", "/dev/null", "-S", "bench", NULL };

  switch (self->server)
    {
    case BENCH_SERVER_RELAY:
      return _start_relay(self, n_clients);
    case BENCH_SERVER_BUFFERED:
    case BENCH_SERVER_TERMINAL:
      return _start_session(self, n_clients);
    case BENCH_SERVER_BARE:
      return n_clients == 1 && _start_in_pty(self, bare_front);
    case BENCH_SERVER_DTACH:
      return n_clients == 1 && _start_in_pty(self, dtach_front);
    case BENCH_SERVER_TMUX:
      return n_clients == 1 && _start_in_pty(self, tmux_front);
    case BENCH_SERVER_SCREEN:
      return n_clients == 1 && _start_in_pty(self, screen_front);
    case BENCH_N_SERVERS:
      break;
    }
  return FALSE;
}

BenchTerminal *
bench_terminal_new(BenchPlace *place, BenchServer server, guint n_clients)
{
  BenchTerminal *self = g_new0(BenchTerminal, 1);

  self->place = place;
  self->server = server;
  self->pair.master = -1;
  if (_start(self, n_clients))
    {
      bench_terminal_await_mark(self);
      return self;
    }
  bench_terminal_free(self);
  return NULL;
}

/* --- using, ending ---------------------------------------------------------------------------- */

void
bench_terminal_type(BenchTerminal *self, gchar key)
{
  const gchar keys[] = { key, '\0' };

  if (self->id ? !pty_peer_type(self->readers[0].fd, keys)
               : write(self->readers[0].fd, keys, 1) != 1)
    bench_fail("a key cannot be typed");
}

static void
_drain(Reader *reader)
{
  while (read(reader->fd, reader->buffer, sizeof(reader->buffer)) > 0)
    ;
}

void
bench_terminal_free(BenchTerminal *self)
{
  if (self->n_readers)
    bench_terminal_type(self, BENCH_PLAY_QUIT);
  for (guint i = 0; i < self->n_readers; i++)
    _drain(&self->readers[i]);
  for (guint i = 0; i < self->n_readers && self->readers[i].fd != self->pair.master; i++)
    close(self->readers[i].fd);
  if (self->relay)
    waitpid(self->relay, NULL, 0);
  g_clear_pointer(&self->child, cd_child_free);
  cd_pty_pair_close(&self->pair);
  g_clear_pointer(&self->inherited, cd_inherited_free);
  g_free(self->id);
  g_free(self);
}

gdouble
bench_terminal_get_cpu(const BenchTerminal *self)
{
  GPid pid = self->id ? self->place->agent : self->relay;
  clockid_t clock;

  if (!pid || clock_getcpuclockid(pid, &clock) != 0)
    return 0;
  return bench_clock_read(clock);
}

const gchar *
bench_terminal_get_id(const BenchTerminal *self)
{
  return self->id;
}
