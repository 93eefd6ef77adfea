/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* coder-pty on a terminal or between pipes, with this test as its agent. */
#ifndef CD_CLIENT_FIXTURE_H
#define CD_CLIENT_FIXTURE_H

#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <glib-unix.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#define CLIENT_PATIENCE 30
#define CLIENT_ID "f64f9dc6-27e5-45ff-8d5c-c4c3ac6ee8f9"

typedef enum
{
  CLIENT_UNIX,
  CLIENT_TCP,
  CLIENT_TCP6,
} ClientNet;

typedef struct
{
  gchar *folder;
  gchar *address;
  gint listener;
  gint peer; /* the agent's end */
  gint master;
  gint slave;
  struct termios before;
  gint before_flags;
  gint keys;  /* where the test types: the master, or a pipe */
  gint shown; /* where it reads what the client shows: the same */
  gint errors;
  GPid pid;
  gboolean is_done;
  gint status;
  gint peer_error;       /* of the agent's reading */
  gboolean is_heard_out; /* the agent has read to the end */
  GString *heard;        /* by the agent */
  GString *screen;
  GString *said; /* on standard error, where that is a pipe */
} Client;

/* --- listening -------------------------------------------------------------------------------- */

static inline void
client_listen_unix(Client *self)
{
  struct sockaddr_un address = { .sun_family = AF_UNIX };

  g_snprintf(address.sun_path, sizeof(address.sun_path), "%s/s", self->folder);
  self->listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  g_assert_no_errno(bind(self->listener, (struct sockaddr *) &address, sizeof(address)));
  self->address = g_strconcat("unix:", address.sun_path, NULL);
}

static inline void
client_listen_tcp(Client *self, gint family)
{
  struct sockaddr_in6 v6 = { .sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT };
  struct sockaddr_in v4 = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
  gboolean is_v4 = family == AF_INET;
  struct sockaddr *address = is_v4 ? (struct sockaddr *) &v4 : (struct sockaddr *) &v6;
  socklen_t length = is_v4 ? sizeof(v4) : sizeof(v6);

  self->listener = socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  g_assert_no_errno(bind(self->listener, address, length));
  g_assert_no_errno(getsockname(self->listener, address, &length));
  self->address = is_v4 ? g_strdup_printf("127.0.0.1:%u", ntohs(v4.sin_port))
                        : g_strdup_printf("[::1]:%u", ntohs(v6.sin6_port));
}

static inline void
client_init(Client *self, ClientNet net)
{
  memset(self, 0, sizeof(*self));
  self->peer = self->master = self->slave = self->keys = self->shown = self->errors = -1;
  self->folder = g_dir_make_tmp("coder-pty-XXXXXX", NULL);
  self->heard = g_string_new(NULL);
  self->screen = g_string_new(NULL);
  self->said = g_string_new(NULL);
  if (net == CLIENT_UNIX)
    client_listen_unix(self);
  else
    client_listen_tcp(self, net == CLIENT_TCP ? AF_INET : AF_INET6);
  g_assert_no_errno(listen(self->listener, 4));
}

/* --- the client's process --------------------------------------------------------------------- */

/* A terminal with settings that no program has by itself. */
static inline void
client_open_terminal(Client *self)
{
  const struct winsize size = { .ws_row = 40, .ws_col = 100 };

  self->master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
  g_assert_no_errno(grantpt(self->master));
  g_assert_no_errno(unlockpt(self->master));
  self->slave = open(ptsname(self->master), O_RDWR | O_NOCTTY | O_CLOEXEC);
  g_assert_no_errno(self->slave);
  g_assert_no_errno(ioctl(self->master, TIOCSWINSZ, &size));
  g_assert_no_errno(tcgetattr(self->slave, &self->before));
  self->before.c_cc[VINTR] = 'K' - '@';
  self->before.c_iflag |= IXANY;
  self->before.c_oflag &= ~(tcflag_t) ONLCR;
  g_assert_no_errno(tcsetattr(self->slave, TCSANOW, &self->before));
  g_assert_no_errno(tcgetattr(self->slave, &self->before));
  self->before_flags = fcntl(self->slave, F_GETFL);
}

static inline void G_GNUC_NORETURN
client_become(gchar **argv, gint input, gint output, gint errors, gboolean has_terminal)
{
  setsid();
  if (has_terminal && ioctl(input, TIOCSCTTY, 0) != 0)
    _exit(98);
  if (dup2(input, STDIN_FILENO) < 0 || dup2(output, STDOUT_FILENO) < 0
      || dup2(errors, STDERR_FILENO) < 0)
    _exit(99);
  execv(argv[0], argv);
  _exit(100);
}

static inline gchar **
client_make_argv(Client *self, const gchar *options)
{
  g_autofree gchar *program = g_test_build_filename(G_TEST_BUILT, "..", "tools", "coder-pty",
                                                    "coder-pty", NULL);
  g_autofree gchar *line = g_strdup_printf("'%s' %s --id " CLIENT_ID " %s", program, self->address,
                                           options);
  gchar **argv = NULL;

  g_assert_true(g_shell_parse_argv(line, NULL, &argv, NULL));
  return argv;
}

/* Everything on the terminal. */
static inline void
client_start_on_terminal(Client *self, const gchar *options)
{
  g_auto(GStrv) argv = client_make_argv(self, options);

  client_open_terminal(self);
  self->pid = fork();
  if (self->pid == 0)
    client_become(argv, self->slave, self->slave, self->slave, TRUE);
  self->keys = self->shown = self->master;
  g_assert_true(g_unix_set_fd_nonblocking(self->master, TRUE, NULL));
}

/* Everything a pipe. */
static inline void
client_start_on_pipes(Client *self, const gchar *options)
{
  g_auto(GStrv) argv = client_make_argv(self, options);
  gint input[2], output[2], errors[2];

  g_assert_true(g_unix_open_pipe(input, FD_CLOEXEC, NULL));
  g_assert_true(g_unix_open_pipe(output, FD_CLOEXEC, NULL));
  g_assert_true(g_unix_open_pipe(errors, FD_CLOEXEC, NULL));
  self->pid = fork();
  if (self->pid == 0)
    client_become(argv, input[0], output[1], errors[1], FALSE);
  close(input[0]);
  close(output[1]);
  close(errors[1]);
  self->keys = input[1];
  self->shown = output[0];
  self->errors = errors[0];
  g_assert_true(g_unix_set_fd_nonblocking(self->keys, TRUE, NULL));
  g_assert_true(g_unix_set_fd_nonblocking(self->shown, TRUE, NULL));
  g_assert_true(g_unix_set_fd_nonblocking(self->errors, TRUE, NULL));
}

/* --- waiting ---------------------------------------------------------------------------------- */

/* Reads what is there; whether the end was seen. */
static inline gboolean
client_drain(gint fd, GString *into, gint *error)
{
  gchar data[65536];
  gssize n;

  while ((n = read(fd, data, sizeof(data))) > 0)
    g_string_append_len(into, data, n);
  if (n == 0 || errno == EAGAIN)
    return n == 0;
  if (error)
    *error = errno;
  return TRUE;
}

static inline void
client_reap(Client *self)
{
  if (!self->is_done && waitpid(self->pid, &self->status, WNOHANG) == self->pid)
    self->is_done = TRUE;
}

/* One look at everything that may have something for us. */
static inline void
client_look(Client *self, gboolean reads_screen)
{
  struct pollfd ready[] = {
    { .fd = self->is_heard_out ? -1 : self->peer, .events = POLLIN },
    { .fd = reads_screen ? self->shown : -1, .events = POLLIN },
    { .fd = self->errors, .events = POLLIN },
  };

  poll(ready, G_N_ELEMENTS(ready), 10);
  if (ready[0].revents && client_drain(self->peer, self->heard, &self->peer_error))
    self->is_heard_out = TRUE;
  if (ready[1].revents)
    client_drain(self->shown, self->screen, NULL);
  if (ready[2].revents)
    client_drain(self->errors, self->said, NULL);
  client_reap(self);
}

static inline void G_GNUC_NORETURN
client_complain(Client *self, const gchar *what)
{
  g_autofree gchar *heard = g_strescape(self->heard->str, NULL);
  g_autofree gchar *screen = g_strescape(self->screen->str, NULL);

  g_error("waited in vain for: %s\nheard: %.2000s\nscreen: %.2000s\nsaid: %s", what, heard, screen,
          self->said->str);
}

#define client_wait_on(self, reads_screen, condition)                                              \
  do                                                                                               \
    {                                                                                              \
      gint64 wait_end = g_get_monotonic_time() + CLIENT_PATIENCE * G_USEC_PER_SEC;                 \
      while (!(condition))                                                                         \
        {                                                                                          \
          if (g_get_monotonic_time() > wait_end)                                                   \
            client_complain((self), #condition);                                                   \
          client_look((self), (reads_screen));                                                     \
        }                                                                                          \
    }                                                                                              \
  while (0)

/* Waits until @condition holds, while everything flows. */
#define client_wait(self, condition) client_wait_on(self, TRUE, condition)

/* --- what both sides do ----------------------------------------------------------------------- */

static inline void
client_accept(Client *self)
{
  struct pollfd ready = { .fd = self->listener, .events = POLLIN };

  g_assert_cmpint(poll(&ready, 1, CLIENT_PATIENCE * 1000), ==, 1);
  self->peer = accept4(self->listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
  g_assert_no_errno(self->peer);
}

static inline gboolean
client_has_heard(const Client *self, const gchar *text)
{
  return strstr(self->heard->str + MIN(2, self->heard->len), text) != NULL;
}

/* The requests, without the first frame, with texts joined. Free with g_free(). */
static inline gchar *
client_get_requests(const Client *self)
{
  gsize start = 2 + (guchar) self->heard->str[0] + 256 * (gsize) (guchar) self->heard->str[1];
  g_auto(GStrv) parts = g_strsplit(self->heard->str + start, "\"}{\"data\":\"", -1);

  return g_strjoinv(NULL, parts);
}

static inline void
client_assert_requests(const Client *self, const gchar *wanted)
{
  g_autofree gchar *requests = client_get_requests(self);

  g_assert_cmpstr(requests, ==, wanted);
}

/* Connected, with the first frame read. */
static inline void
client_meet(Client *self)
{
  client_accept(self);
  client_wait(self, client_has_heard(self, "\"BackendType\""));
}

static inline void
client_type(Client *self, const gchar *keys, gssize length)
{
  gsize n = length < 0 ? strlen(keys) : (gsize) length;

  g_assert_cmpint(write(self->keys, keys, n), ==, (gssize) n);
}

static inline void
client_show(Client *self, const gchar *text, gssize length)
{
  gsize n = length < 0 ? strlen(text) : (gsize) length;

  g_assert_cmpint(send(self->peer, text, n, MSG_NOSIGNAL), ==, (gssize) n);
}

/* The agent closes in order. */
static inline void
client_hang_up(Client *self)
{
  close(self->peer);
  self->peer = -1;
}

static inline gint
client_get_exit(const Client *self)
{
  return WIFEXITED(self->status) ? WEXITSTATUS(self->status) : -WTERMSIG(self->status);
}

/* The client has half-closed in order, and no more is to come. */
static inline void
client_wait_for_leave(Client *self)
{
  client_wait(self, self->is_heard_out);
  g_assert_cmpint(self->peer_error, ==, 0);
}

static inline void
client_assert_terminal(const Client *self)
{
  struct termios now;

  g_assert_no_errno(tcgetattr(self->slave, &now));
  g_assert_cmphex(now.c_iflag, ==, self->before.c_iflag);
  g_assert_cmphex(now.c_oflag, ==, self->before.c_oflag);
  g_assert_cmphex(now.c_cflag, ==, self->before.c_cflag);
  g_assert_cmphex(now.c_lflag, ==, self->before.c_lflag);
  g_assert_cmpmem(now.c_cc, sizeof(now.c_cc), self->before.c_cc, sizeof(now.c_cc));
  g_assert_cmpint(fcntl(self->slave, F_GETFL), ==, self->before_flags);
}

/* Waits for the end of the client, whose screen has come as a whole then. */
static inline void
client_wait_for_exit(Client *self, gint status)
{
  client_wait(self, self->is_done);
  client_look(self, TRUE);
  g_assert_cmpint(client_get_exit(self), ==, status);
  if (self->slave >= 0)
    client_assert_terminal(self);
}

static inline void
client_clear(Client *self)
{
  gint fds[] = { self->listener, self->peer,   self->slave,
                 self->keys,     self->errors, self->shown == self->keys ? -1 : self->shown };

  if (self->pid > 0 && !self->is_done)
    {
      kill(self->pid, SIGKILL);
      waitpid(self->pid, NULL, 0);
    }
  for (gsize i = 0; i < G_N_ELEMENTS(fds); i++)
    if (fds[i] >= 0)
      close(fds[i]);
  if (g_str_has_prefix(self->address, "unix:"))
    unlink(self->address + strlen("unix:"));
  rmdir(self->folder);
  g_free(self->folder);
  g_free(self->address);
  g_string_free(self->heard, TRUE);
  g_string_free(self->screen, TRUE);
  g_string_free(self->said, TRUE);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Client, client_clear)

#endif
