/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "settings.h"
#include "terminal.h"

#include "main/exit.h"
#include "main/standard-files.h"
#include "net/socket.h"

#include <glib-unix.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

/* Seconds to reach the agent. */
#define CONNECT_TIMEOUT 30

typedef struct _Program
{
  const CdSettings *settings;
  CdTerminal terminal;
  GMainLoop *loop;
  GCancellable *connecting;
  GSocketConnection *connection;
  CdClient *client;
  gint signal; /* that ended it */
  CdExit status;
} Program;

static const struct
{
  gint number;
  const gchar *name;
} endings[] = {
  { SIGHUP, "SIGHUP" },
  { SIGINT, "SIGINT" },
  { SIGQUIT, "SIGQUIT" },
  { SIGTERM, "SIGTERM" },
};

/* --- last words ------------------------------------------------------------------------------- */

static const gchar *
_name_signal(gint number)
{
  for (gsize i = 0; i < G_N_ELEMENTS(endings); i++)
    if (endings[i].number == number)
      return endings[i].name;
  return g_strsignal(number);
}

static gchar *
_describe_return(const Program *self)
{
  g_autofree gchar *address = g_shell_quote(self->settings->address);
  const gchar *id = self->settings->frame.id;

  if (self->settings->is_default)
    return g_strdup_printf("coder-pty --id %s", id);
  if (strpbrk(self->settings->address, " \t\n'\"\\$`&|;<>()*?[]#~!{}") == NULL)
    return g_strdup_printf("coder-pty %s --id %s", self->settings->address, id);
  return g_strdup_printf("coder-pty %s --id %s", address, id);
}

static gchar *
_describe_end(const Program *self, CdLeaving leaving, const GError *error)
{
  const gchar *why = error ? error->message : "";

  if (self->signal)
    return g_strdup_printf("ended by %s", _name_signal(self->signal));
  switch (leaving)
    {
    case CD_LEAVING_INPUT:
      return g_strdup_printf("standard input: %s", why);
    case CD_LEAVING_OUTPUT:
      return g_strdup_printf("standard output: %s", why);
    case CD_LEAVING_NOT:
    case CD_LEAVING_KEY:
    case CD_LEAVING_EOF:
    case CD_LEAVING_ASKED:
      break;
    }
  if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT) && leaving)
    return g_strdup_printf("the agent did not close within %d seconds", CD_CLIENT_PATIENCE);
  return error ? g_strdup_printf("the connection broke: %s", why) : g_strdup("detached");
}

static void
_finish(Program *self, CdLeaving leaving, const GError *error)
{
  g_autofree gchar *end = _describe_end(self, leaving, error);
  g_autofree gchar *back = _describe_return(self);

  cd_terminal_give_back(&self->terminal);
  self->status = error || self->signal ? CD_EXIT_FAILED : CD_EXIT_DONE;
  if (leaving || error)
    cd_settings_say("%s; come back with: %s", end, back);
  else if (!cd_client_has_received(self->client))
    cd_settings_say("closed by the agent without any output; its closing record says why");
  else if (isatty(STDERR_FILENO) == 1)
    cd_settings_say("closed by the agent");
  g_main_loop_quit(self->loop);
}

static void
_take_end(CdLeaving leaving, const GError *error, gpointer user_data)
{
  _finish(user_data, leaving, error);
}

/* --- the session ------------------------------------------------------------------------------ */

static void
_begin(Program *self)
{
  g_autoptr(GString) bytes = g_string_new(NULL);
  const CdSettings *settings = self->settings;
  gboolean is_typed = self->terminal.has_input;
  CdFrame frame = settings->frame;
  CdClientOptions options = {
    .socket = g_socket_get_fd(g_socket_connection_get_socket(self->connection)),
    .detach_key = is_typed ? settings->key : CD_DETACH_KEY_NONE,
    .at_eof = is_typed ? CD_AT_EOF_FAIL : settings->at_eof,
    .ended = _take_end,
    .user_data = self,
  };

  cd_socket_tune(options.socket);
  cd_terminal_get_size(&self->terminal, &frame.rows, &frame.columns);
  cd_frame_append(&frame, bytes);
  if (options.detach_key != CD_DETACH_KEY_NONE && isatty(STDERR_FILENO) == 1)
    cd_settings_say("%s detaches", settings->detach_key);
  cd_terminal_take(&self->terminal);
  self->client = cd_client_new(&options, bytes);
}

static void
_take_connection(GObject *client, GAsyncResult *result, gpointer user_data)
{
  Program *self = user_data;
  g_autoptr(GError) error = NULL;

  self->connection = g_socket_client_connect_finish(G_SOCKET_CLIENT(client), result, &error);
  if (self->connection && !self->signal)
    {
      _begin(self);
      return;
    }
  self->status = CD_EXIT_FAILED;
  if (self->signal)
    cd_settings_say("ended by %s", _name_signal(self->signal));
  else
    cd_settings_say("cannot reach %s: %s", self->settings->address, error->message);
  g_main_loop_quit(self->loop);
}

/* --- signals ---------------------------------------------------------------------------------- */

static void
_resize(Program *self)
{
  guint16 rows;
  guint16 columns;

  if (self->client && cd_terminal_get_size(&self->terminal, &rows, &columns))
    cd_client_resize(self->client, rows, columns);
}

/* The first one leaves in order, as far as the agent lets us; a second one does not wait for it. */
static void
_stop(Program *self, gint number)
{
  gboolean is_first = !self->signal;

  self->signal = number;
  if (!self->client)
    g_cancellable_cancel(self->connecting);
  else if (is_first)
    cd_client_leave(self->client);
  else
    _finish(self, CD_LEAVING_ASKED, NULL);
}

static gboolean
_take_signal(gint fd, GIOCondition condition, gpointer user_data)
{
  Program *self = user_data;
  struct signalfd_siginfo info;

  if (read(fd, &info, sizeof(info)) != sizeof(info))
    return G_SOURCE_CONTINUE;
  if (info.ssi_signo == SIGCONT && self->client)
    cd_terminal_take(&self->terminal);
  if (info.ssi_signo == SIGCONT || info.ssi_signo == SIGWINCH)
    _resize(self);
  else
    _stop(self, (gint) info.ssi_signo);
  return G_SOURCE_CONTINUE;
}

/* What the caller has ignored, as nohup(1) does, stays so. */
static void
_choose_signals(sigset_t *set)
{
  struct sigaction action;

  sigemptyset(set);
  sigaddset(set, SIGWINCH);
  sigaddset(set, SIGCONT);
  for (gsize i = 0; i < G_N_ELEMENTS(endings); i++)
    if (sigaction(endings[i].number, NULL, &action) == 0 && action.sa_handler != SIG_IGN)
      sigaddset(set, endings[i].number);
}

/* Before there is any thread, so that all have them blocked. */
static gint
_watch_signals(Program *self)
{
  sigset_t set;
  gint fd;

  signal(SIGPIPE, SIG_IGN);
  signal(SIGXFSZ, SIG_IGN);
  _choose_signals(&set);
  sigprocmask(SIG_BLOCK, &set, NULL);
  fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
  g_unix_fd_add(fd, G_IO_IN, _take_signal, self);
  return fd;
}

/* --- the process ------------------------------------------------------------------------------ */

static void
_run(Program *self)
{
  g_autoptr(GSocketClient) client = g_socket_client_new();
  gint signals = _watch_signals(self);

  g_socket_client_set_enable_proxy(client, FALSE);
  g_socket_client_set_timeout(client, CONNECT_TIMEOUT);
  self->loop = g_main_loop_new(NULL, FALSE);
  self->connecting = g_cancellable_new();
  g_socket_client_connect_async(client, self->settings->where, self->connecting, _take_connection,
                                self);
  g_main_loop_run(self->loop);
  g_clear_pointer(&self->client, cd_client_free);
  g_clear_object(&self->connection);
  g_clear_object(&self->connecting);
  g_main_loop_unref(self->loop);
  close(signals);
}

static CdExit
_print_version(void)
{
  printf("coder-pty %s\n", PACKAGE_VERSION);
  return fflush(stdout) == 0 ? CD_EXIT_DONE : CD_EXIT_FAILED;
}

int
main(int argc, char **argv)
{
  Program program = { 0 };

  if (argc < 1)
    return CD_EXIT_WRONG_USE;
  cd_standard_files_fill();
  setlocale(LC_CTYPE, "");
  program.settings = cd_settings_parse(argv);
  if (!program.settings)
    return CD_EXIT_WRONG_USE;
  if (program.settings->show_version)
    return _print_version();
  cd_terminal_init(&program.terminal);
  _run(&program);
  return program.status;
}
