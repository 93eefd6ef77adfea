/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How the daemon begins and ends. */
#include "agent-fixture.h"

#include <sys/resource.h>
#include <sys/stat.h>

#define OTHER_ID "0f4f9dc6-27e5-45ff-8d5c-c4c3ac6ee8f0"

/* The bound for every end. */
#define END_MAX_US (10 * G_USEC_PER_SEC)

/* Ignores SIGHUP and SIGTERM, and says when it does. */
#define STUBBORN "trap : HUP TERM; echo re''ady; while :; do sleep 1000; done"

static void
assert_in_time(gint64 start)
{
  g_assert_cmpint(g_get_monotonic_time() - start, <, END_MAX_US);
}

static guint
count(const gchar *text, const gchar *part)
{
  guint n = 0;

  for (; (text = strstr(text, part)); text++)
    n++;
  return n;
}

static gboolean
is_gone(GPid pid)
{
  return kill(pid, 0) != 0 && errno == ESRCH;
}

/* The process id that a program of the test prints as `pid=N.`. */
static GPid
read_pid(gint fd)
{
  g_autofree gchar *text = agent_read_until(fd, ".");

  return (GPid) g_ascii_strtoll(strstr(text, "pid=") + strlen("pid="), NULL, 10);
}

/* Ends it while the client does what clients do: it closes after the agent. */
static gint
end_beside(Agent *self, gint client)
{
  kill(self->pid, SIGTERM);
  g_free(agent_read_until(client, NULL));
  close(client);
  return agent_wait(self);
}

/* --- the end ---------------------------------------------------------------------------------- */

static void
test_first_signal(Agent *self, gconstpointer data)
{
  gint clients[2];
  gint64 start;

  agent_start(self, NULL);
  clients[0] = agent_greet(self, AGENT_ID, "echo re''ady; sleep 1000");
  clients[1] = agent_greet(self, OTHER_ID, "echo re''ady; sleep 1000");
  agent_await_output(clients[0], "ready");
  agent_await_output(clients[1], "ready");
  start = g_get_monotonic_time();
  kill(self->pid, SIGTERM);
  for (guint i = 0; i < G_N_ELEMENTS(clients); i++)
    {
      g_free(agent_read_until(clients[i], NULL));
      close(clients[i]);
    }
  g_assert_cmpint(agent_wait(self), ==, 0);
  assert_in_time(start);
  g_assert_cmpuint(agent_count_records(self), ==, 2);
  g_assert_cmpuint(count(self->logged->str, "disconnect_reason=\"server_shutdown\""), ==, 2);
  g_assert_cmpuint(count(self->logged->str, "disconnect_initiator=\"agent\""), ==, 2);
  g_assert_null(strstr(self->logged->str, "server_to_agent"));
  g_assert_cmpint(access(self->socket, F_OK), !=, 0);
}

static void
test_stubborn_program(Agent *self, gconstpointer data)
{
  gint64 start;
  GPid pid;
  gint client;

  agent_start(self, NULL);
  client = agent_greet(self, AGENT_ID,
                       "trap : HUP TERM; echo pid=$$.; while :; do sleep 1000; done");
  pid = read_pid(client);
  start = g_get_monotonic_time();
  g_assert_cmpint(end_beside(self, client), ==, 0);
  assert_in_time(start);
  g_assert_true(is_gone(pid));
  g_assert_cmpuint(agent_count_records(self), ==, 1);
  g_assert_nonnull(strstr(self->logged->str, "disconnect_reason=\"server_shutdown\""));
}

/* It comes long before the first one's patience is over. */
static void
test_second_signal(Agent *self, gconstpointer data)
{
  gint64 start;
  gint client;

  agent_start(self, NULL);
  client = agent_greet(self, AGENT_ID, STUBBORN);
  agent_await_output(client, "ready");
  start = g_get_monotonic_time();
  kill(self->pid, SIGINT);
  agent_await_notice(self, "STOPPING=1");
  g_assert_cmpint(agent_end(self), ==, 0);
  g_assert_cmpint(g_get_monotonic_time() - start, <, 3 * G_USEC_PER_SEC);
  g_assert_cmpuint(agent_count_records(self), ==, 1);
  g_assert_nonnull(strstr(self->logged->str, "disconnect_reason=\"server_shutdown\""));
  close(client);
}

/* It is waited for no longer than for a program. */
static void
test_client_that_stays(Agent *self, gconstpointer data)
{
  gint64 start;
  gint client;

  agent_start(self, NULL);
  client = agent_greet(self, AGENT_ID, "echo re''ady; sleep 1000");
  agent_await_output(client, "ready");
  start = g_get_monotonic_time();
  g_assert_cmpint(agent_end(self), ==, 0);
  assert_in_time(start);
  g_assert_cmpuint(agent_count_records(self), ==, 1);
  close(client);
}

static void
test_log_server_that_is_away(Agent *self, gconstpointer data)
{
  g_autofree gchar *away = g_strdup_printf("unix-stream:%s/away", self->folder);
  const gchar *const arguments[] = { "--syslog", away, NULL };
  gint64 start;
  gint client;

  agent_start(self, arguments);
  client = agent_greet(self, AGENT_ID, "echo re''ady; sleep 1000");
  agent_await_output(client, "ready");
  start = g_get_monotonic_time();
  g_assert_cmpint(end_beside(self, client), ==, 0);
  assert_in_time(start);
  g_assert_true(agent_has_said(self, "1 records are lost"));
}

/* Returns: what coder-emit --flush brings to a server that listens at PATH by then */
static gchar *
flush(const Agent *self, const gchar *state, const gchar *path)
{
  g_autofree gchar *program = agent_find_program("tools/coder-emit", "coder-emit");
  g_autofree gchar *folder = g_strconcat("--state-dir=", state, NULL);
  const gchar *const argv[] = { program, folder, "--flush", NULL };
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  gint listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  gint fd;
  GPid pid;
  gchar *text;

  g_strlcpy(address.sun_path, path, sizeof(address.sun_path));
  g_assert_cmpint(bind(listener, (struct sockaddr *) &address, sizeof(address)), ==, 0);
  g_assert_cmpint(listen(listener, 1), ==, 0);
  g_assert_true(
    g_spawn_async(NULL, (gchar **) argv, NULL, G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL, &pid, NULL));
  fd = accept(listener, NULL, NULL);
  text = agent_read_until(fd, NULL);
  close(fd);
  close(listener);
  waitpid(pid, NULL, 0);
  return text;
}

static void
test_state_folder_keeps_records(Agent *self, gconstpointer data)
{
  g_autofree gchar *path = agent_get_path(self, "away");
  g_autofree gchar *away = g_strdup_printf("unix-stream:%s", path);
  g_autofree gchar *state = agent_get_path(self, "state");
  const gchar *const arguments[] = { "--syslog", away, "--state-dir", state, NULL };
  g_autofree gchar *text = NULL;
  gint client;

  agent_start(self, arguments);
  client = agent_greet(self, AGENT_ID, "echo re''ady; sleep 1000");
  agent_await_output(client, "ready");
  g_assert_cmpint(end_beside(self, client), ==, 0);
  g_assert_false(agent_has_said(self, "are lost"));
  text = flush(self, state, path);
  g_assert_cmpuint(count(text, "disconnect_reason=\"server_shutdown\""), ==, 1);
  g_assert_nonnull(strstr(text, "session_id=\"" AGENT_ID "\""));
}

/* --- the begin -------------------------------------------------------------------------------- */

static void
test_ready_line(Agent *self, gconstpointer data)
{
  const gchar *const arguments[] = { "--pty-listen=127.0.0.1:0", NULL };
  g_autofree gchar *start = g_strdup_printf("ready pty=unix:%s,127.0.0.1:", self->socket);

  agent_start(self, arguments);
  g_assert_true(g_str_has_prefix(self->ready, start));
  g_assert_cmpint(atoi(self->ready + strlen(start)), >, 0);
  g_assert_true(g_str_has_suffix(self->ready, "\n"));
}

static void
test_socket_is_for_its_user_alone(Agent *self, gconstpointer data)
{
  struct stat status;

  agent_start(self, NULL);
  g_assert_cmpint(stat(self->socket, &status), ==, 0);
  g_assert_cmpuint(status.st_mode & 07777, ==, 0600);
}

/* As the kernel has it: /proc/PID of what is not dumpable is root's. */
static void
test_is_not_dumpable(Agent *self, gconstpointer data)
{
  g_autofree gchar *path = NULL;
  struct stat status;

  if (geteuid() == 0)
    {
      g_test_skip("what root runs is root's in any case");
      return;
    }
  agent_start(self, NULL);
  path = g_strdup_printf("/proc/%d/environ", self->pid);
  g_assert_cmpint(stat(path, &status), ==, 0);
  g_assert_cmpuint(status.st_uid, ==, 0);
}

static void
test_open_files(Agent *self, gconstpointer data)
{
  struct rlimit before;
  struct rlimit low;
  struct rlimit its;
  g_autofree gchar *text = NULL;
  gint client;

  g_assert_cmpint(getrlimit(RLIMIT_NOFILE, &before), ==, 0);
  low = (struct rlimit) { 100, before.rlim_max };
  g_assert_cmpint(setrlimit(RLIMIT_NOFILE, &low), ==, 0);
  agent_start(self, NULL);
  g_assert_cmpint(setrlimit(RLIMIT_NOFILE, &before), ==, 0);
  g_assert_cmpint(prlimit(self->pid, RLIMIT_NOFILE, NULL, &its), ==, 0);
  g_assert_cmpuint(its.rlim_cur, ==, before.rlim_max);
  client = agent_greet(self, AGENT_ID, "echo files=$(ulimit -n).");
  text = agent_read_until(client, ".");
  g_assert_nonnull(strstr(text, "files=100."));
  close(client);
}

static void
test_session_knows_no_manager(Agent *self, gconstpointer data)
{
  g_autofree gchar *text = NULL;
  gint client;

  agent_start(self, NULL);
  client = agent_greet(self, AGENT_ID, "echo \\\"[$NOTIFY_SOCKET].\\\"");
  text = agent_read_until(client, ".");
  g_assert_nonnull(strstr(text, "[]."));
  close(client);
}

/* --- exit codes ------------------------------------------------------------------------------- */

typedef struct _Wrong
{
  const gchar *name;
  const gchar *arguments[4]; /* CONF and FOLDER stand for those of the fixture */
  const gchar *conf;
  gint status;
  const gchar *said;
} Wrong;

static const Wrong wrongs[] = {
  { "option",
    { "--nonsense" },
    "",
    2,
    "coder-agentd: Unknown option --nonsense\n"
    "See: coder-agentd --help\n" },
  { "settings",
    { "--config=CONF" },
    "[coder-agentd]\npen=0\nmax-sessions=0\n",
    78,
    "coder-agentd: CONF: max-sessions=0: allowed: 1 to 100000\n"
    "coder-agentd: CONF: pen=0: allowed: 1 to 2147483647\n" },
  { "check",
    { "--config=CONF", "--check", "--pty-listen=x", "--syslog=y" },
    "",
    78,
    "coder-agentd: flag: pty-listen=x: x: not HOST:PORT, [IPV6]:PORT or unix:PATH\n"
    "coder-agentd: flag: syslog=y: no target begins as" },
  { "nothing wrong", { "--config=CONF", "--check" }, "", 0, "" },
  { "state folder below a file",
    { "--config=CONF", "--state-dir=CONF/state", "--prometheus-address=none",
      "--pty-listen=unix:FOLDER/pty" },
    "",
    1,
    "coder-agentd: CONF/state: " },
};

static gchar *
fill_in(const Agent *self, const gchar *text)
{
  g_autoptr(GString) filled = g_string_new(text);

  g_string_replace(filled, "CONF", self->conf, 0);
  g_string_replace(filled, "FOLDER", self->folder, 0);
  return g_string_free(g_steal_pointer(&filled), FALSE);
}

static void
test_wrong(gconstpointer data)
{
  const Wrong *wrong = data;
  Agent self;
  g_auto(GStrv) arguments = g_new0(gchar *, G_N_ELEMENTS(wrong->arguments) + 1);
  g_autofree gchar *expected = NULL;
  g_autofree gchar *said = NULL;

  agent_set_up(&self, NULL);
  expected = fill_in(&self, wrong->said);
  for (guint i = 0; i < G_N_ELEMENTS(wrong->arguments) && wrong->arguments[i]; i++)
    arguments[i] = fill_in(&self, wrong->arguments[i]);
  g_assert_true(g_file_set_contents(self.conf, wrong->conf, -1, NULL));
  agent_spawn(&self, (const gchar *const *) arguments);
  g_assert_cmpint(agent_wait(&self), ==, wrong->status);
  g_assert_true(g_file_get_contents(self.said, &said, NULL, NULL));
  if (!g_str_has_prefix(said, expected))
    g_assert_cmpstr(said, ==, expected);
  agent_tear_down(&self, NULL);
}

static void
test_address_that_is_taken(Agent *self, gconstpointer data)
{
  g_autofree gchar *listen = g_strconcat("--pty-listen=unix:", self->socket, NULL);
  g_autofree gchar *config = g_strconcat("--config=", self->conf, NULL);
  const gchar *const arguments[] = { config, listen, "--prometheus-address=none", NULL };
  Agent other = *self;

  agent_start(self, NULL);
  agent_spawn(&other, arguments);
  g_assert_cmpint(agent_wait(&other), ==, 1);
  fclose(other.output);
}

/* --- PID 1 ------------------------------------------------------------------------------------ */

/* Zombies would stand in the namespace's /proc as children of PID 1. */
#define ORPHANS                                                                                    \
  "for i in 1 2 3; do (sleep 0 &) ; done; (exec sh -c '(exec sleep 0) & exit') ; "                 \
  "while grep -qs '^State:.Z' /proc/[0-9]*/status; do sleep 0.01; done; echo no''ne left; "        \
  "echo first=$(cat /proc/1/comm)."

static gboolean
can_unshare(void)
{
  const gchar *const argv[] = { "unshare", "-pf", "--mount-proc", "true", NULL };
  gint status = -1;

  return g_spawn_sync(NULL, (gchar **) argv, NULL, G_SPAWN_SEARCH_PATH | G_SPAWN_STDERR_TO_DEV_NULL,
                      NULL, NULL, NULL, NULL, &status, NULL)
         && status == 0;
}

static void
test_reaps_orphans_as_pid_1(Agent *self, gconstpointer data)
{
  g_autofree gchar *program = agent_find_program("agent-core/agent", "coder-agentd");
  g_autofree gchar *listen = g_strconcat("unix:", self->socket, NULL);
  g_autofree gchar *text = NULL;
  const gchar *argv[] = { "unshare", "-pf",          "--mount-proc", "--kill-child",
                          program,   "--pty-listen", listen,         "--prometheus-address",
                          "none",    "--syslog",     "stderr:",      NULL };
  g_autoptr(GError) error = NULL;
  gint output;
  gsize size = 0;
  gint client;

  if (!can_unshare())
    {
      g_test_skip("a pid namespace cannot be made here");
      return;
    }
  g_spawn_async_with_pipes(NULL, (gchar **) argv, self->environment,
                           G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_SEARCH_PATH, agent_send_errors_to,
                           self->said, &self->pid, NULL, &output, NULL, &error);
  g_assert_no_error(error);
  self->output = fdopen(output, "r");
  g_assert_cmpint(getline(&self->ready, &size, self->output), >, 0);
  client = agent_greet(self, AGENT_ID, ORPHANS);
  text = agent_read_until(client, ".");
  g_assert_nonnull(strstr(text, "none left"));
  g_assert_nonnull(strstr(text, "first=coder-agentd."));
  close(client);
  kill(self->pid, SIGKILL); /* unshare's, which takes the agent with it */
  agent_wait(self);
}

/* --- other users ------------------------------------------------------------------------------ */

static guint16
get_port(const Agent *self)
{
  return (guint16) atoi(strrchr(self->ready, ':') + 1);
}

/* Over TCP, since mode 0600 alone keeps others from the socket. */
static void
test_another_user_is_refused(Agent *self, gconstpointer data)
{
  const gchar *const arguments[] = { "--pty-listen=127.0.0.1:0", NULL };
  g_autofree gchar *script = NULL;
  const gchar *argv[] = { "setpriv", "--reuid=65534", "--clear-groups", "bash", "-c", NULL, NULL };
  gint status = 0;

  if (geteuid() != 0)
    {
      g_test_skip("only root can be another user");
      return;
    }
  agent_start(self, arguments);
  script = g_strdup_printf("exec 3<>/dev/tcp/127.0.0.1/%u && ! read -r -t 20 line <&3",
                           get_port(self));
  argv[5] = script;
  g_assert_true(g_spawn_sync(NULL, (gchar **) argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL,
                             NULL, &status, NULL));
  g_assert_cmpint(status, ==, 0);
  agent_await_words(self, "a connection was refused: ");
}

/* Else a socket or a file of the spool would get its place, and what is written there. */
static void
test_closed_standard_files(Agent *self, gconstpointer data)
{
  const gint standard[] = { STDIN_FILENO, STDERR_FILENO };

  if (geteuid() != 0)
    {
      g_test_skip("only root sees what a process has open that is not dumpable");
      return;
    }
  g_clear_pointer(&self->said, g_free);
  agent_start(self, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS(standard); i++)
    {
      g_autofree gchar *link = g_strdup_printf("/proc/%d/fd/%d", self->pid, standard[i]);
      g_autofree gchar *file = g_file_read_link(link, NULL);

      g_assert_cmpstr(file, ==, "/dev/null");
    }
}

#define add(name, test) g_test_add("/agent/" name, Agent, NULL, agent_set_up, test, agent_tear_down)

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  add("end/first-signal", test_first_signal);
  add("end/stubborn-program", test_stubborn_program);
  add("end/second-signal", test_second_signal);
  add("end/client-that-stays", test_client_that_stays);
  add("end/log-server-that-is-away", test_log_server_that_is_away);
  add("end/state-folder-keeps-records", test_state_folder_keeps_records);
  add("begin/ready-line", test_ready_line);
  add("begin/socket-is-for-its-user-alone", test_socket_is_for_its_user_alone);
  add("begin/is-not-dumpable", test_is_not_dumpable);
  add("begin/open-files", test_open_files);
  add("begin/closed-standard-files", test_closed_standard_files);
  add("begin/session-knows-no-manager", test_session_knows_no_manager);
  for (gsize i = 0; i < G_N_ELEMENTS(wrongs); i++)
    {
      g_autofree gchar *path = g_strdelimit(g_strconcat("/agent/exit/", wrongs[i].name, NULL), " ",
                                            '-');

      g_test_add_data_func(path, &wrongs[i], test_wrong);
    }
  add("exit/address-that-is-taken", test_address_that_is_taken);
  add("reaps-orphans-as-pid-1", test_reaps_orphans_as_pid_1);
  add("another-user-is-refused", test_another_user_is_refused);
  return g_test_run();
}
