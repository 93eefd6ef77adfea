/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The real coder-agentd in a folder of its own, with a log server, a service manager and clients
 * that are the test. */
#ifndef CD_AGENT_FIXTURE_H
#define CD_AGENT_FIXTURE_H

#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

/* A test that waits for longer has failed; SIGALRM tells. */
#define AGENT_PATIENCE_S 60

#define AGENT_ID "f64f9dc6-27e5-45ff-8d5c-c4c3ac6ee8f9"

typedef struct _Agent
{
  gchar *folder;
  gchar *socket; /* where it serves */
  gchar *said;   /* file with its standard error */
  gchar *conf;   /* its key file */
  gint log;      /* log server */
  gint manager;  /* NOTIFY_SOCKET */
  GStrv environment;
  GPid pid;
  FILE *output;
  gchar *ready;    /* its line */
  GString *heard;  /* by the manager, all of it */
  GString *logged; /* all of it, a line each */
} Agent;

static inline gchar *
agent_get_path(const Agent *self, const gchar *name)
{
  return g_build_filename(self->folder, name, NULL);
}

static inline gint
agent_bind(const Agent *self, const gchar *name)
{
  g_autofree gchar *path = agent_get_path(self, name);
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  gint fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

  g_strlcpy(address.sun_path, path, sizeof(address.sun_path));
  g_assert_cmpint(bind(fd, (struct sockaddr *) &address, sizeof(address)), ==, 0);
  return fd;
}

static inline void
agent_set_up(Agent *self, gconstpointer data)
{
  g_autofree gchar *manager = NULL;

  alarm(AGENT_PATIENCE_S);
  *self = (Agent) { 0 };
  self->folder = g_dir_make_tmp("cd-agent-XXXXXX", NULL);
  self->socket = agent_get_path(self, "pty");
  self->said = agent_get_path(self, "said");
  self->conf = agent_get_path(self, "conf");
  self->log = agent_bind(self, "log");
  self->manager = agent_bind(self, "manager");
  self->heard = g_string_new(NULL);
  self->logged = g_string_new(NULL);
  g_assert_true(g_file_set_contents(self->conf, "", 0, NULL));
  manager = agent_get_path(self, "manager");
  self->environment = g_environ_setenv(g_get_environ(), "NOTIFY_SOCKET", manager, TRUE);
  self->environment = g_environ_setenv(self->environment, "SHELL", "/bin/sh", TRUE);
  self->environment = g_environ_setenv(self->environment, "LC_ALL", "C.UTF-8", TRUE);
}

static inline gchar *
agent_find_program(const gchar *folder, const gchar *name)
{
  return g_test_build_filename(G_TEST_BUILT, "..", folder, name, NULL);
}

/* In the child. Without a path, standard input is closed as well. A test that fails leaves no agent
 * behind. */
static inline void
agent_send_errors_to(gpointer path)
{
  gint fd = path ? open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600) : -1;

  if (path)
    dup2(fd, STDERR_FILENO);
  else
    {
      close(STDIN_FILENO);
      close(STDERR_FILENO);
    }
  prctl(PR_SET_PDEATHSIG, SIGKILL);
}

/* Runs it with these arguments, the last one NULL, and waits for nothing. */
static inline void
agent_spawn(Agent *self, const gchar *const *arguments)
{
  g_autofree gchar *program = agent_find_program("agent-core/agent", "coder-agentd");
  g_autoptr(GPtrArray) argv = g_ptr_array_new();
  g_autoptr(GError) error = NULL;
  gint output;

  g_ptr_array_add(argv, program);
  for (; *arguments; arguments++)
    g_ptr_array_add(argv, (gpointer) *arguments);
  g_ptr_array_add(argv, NULL);
  g_spawn_async_with_pipes(NULL, (gchar **) argv->pdata, self->environment,
                           G_SPAWN_DO_NOT_REAP_CHILD, agent_send_errors_to, self->said, &self->pid,
                           NULL, &output, NULL, &error);
  g_assert_no_error(error);
  self->output = fdopen(output, "r");
}

/* Starts it with the fixture's own settings and these besides, and waits until it is ready. */
static inline void
agent_start(Agent *self, const gchar *const *arguments)
{
  g_autofree gchar *listen = g_strconcat("--pty-listen=unix:", self->socket, NULL);
  g_autofree gchar *syslog = g_strdup_printf("--syslog=unix-dgram:%s/log", self->folder);
  g_autofree gchar *config = g_strconcat("--config=", self->conf, NULL);
  g_autoptr(GPtrArray) all = g_ptr_array_new();
  gsize size = 0;

  g_ptr_array_add(all, config);
  g_ptr_array_add(all, listen);
  if (!arguments || !g_strv_contains(arguments, "--syslog"))
    g_ptr_array_add(all, syslog);
  if (!arguments || !strstr(arguments[0], "--prometheus-address"))
    g_ptr_array_add(all, "--prometheus-address=none");
  for (; arguments && *arguments; arguments++)
    g_ptr_array_add(all, (gpointer) *arguments);
  g_ptr_array_add(all, NULL);
  agent_spawn(self, (const gchar *const *) all->pdata);
  g_assert_cmpint(getline(&self->ready, &size, self->output), >, 0);
}

/* Returns: its exit status, -1 where a signal ended it */
static inline gint
agent_wait(Agent *self)
{
  gint status;

  g_assert_cmpint(waitpid(self->pid, &status, 0), ==, self->pid);
  self->pid = 0;
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static inline gint
agent_end(Agent *self)
{
  kill(self->pid, SIGTERM);
  return agent_wait(self);
}

static inline void
agent_remove(const gchar *folder)
{
  g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
  const gchar *name;

  while (dir && (name = g_dir_read_name(dir)))
    {
      g_autofree gchar *path = g_build_filename(folder, name, NULL);

      if (g_unlink(path) != 0)
        agent_remove(path);
    }
  g_rmdir(folder);
}

static inline void
agent_tear_down(Agent *self, gconstpointer data)
{
  if (self->pid)
    g_assert_cmpint(agent_end(self), ==, 0);
  if (self->output)
    fclose(self->output);
  close(self->log);
  close(self->manager);
  agent_remove(self->folder);
  g_free(self->folder);
  g_free(self->socket);
  g_free(self->said);
  g_free(self->conf);
  free(self->ready);
  g_strfreev(self->environment);
  g_string_free(self->heard, TRUE);
  g_string_free(self->logged, TRUE);
  alarm(0);
}

/* --- what others get from it ------------------------------------------------------------------ */

/* Receives until the text is there. What comes is added to @all, each datagram with a line end. */
static inline void
agent_receive(gint fd, GString *all, const gchar *text)
{
  static gchar buffer[64 * 1024];

  while (!strstr(all->str, text))
    {
      gssize n = recv(fd, buffer, sizeof(buffer), 0);

      g_assert_cmpint(n, >, 0);
      g_string_append_len(all, buffer, n);
      g_string_append_c(all, '\n');
    }
}

/* Waits until the manager has heard this, and forgets what it has heard. */
static inline void
agent_await_notice(Agent *self, const gchar *text)
{
  agent_receive(self->manager, self->heard, text);
  g_string_truncate(self->heard, 0);
}

/* Waits until the log server has this. */
static inline void
agent_await_record(Agent *self, const gchar *text)
{
  agent_receive(self->log, self->logged, text);
}

/* How many records the log server has, all that were sent included. */
static inline guint
agent_count_records(Agent *self)
{
  static gchar buffer[64 * 1024];
  gssize n;
  guint count = 0;

  while ((n = recv(self->log, buffer, sizeof(buffer), MSG_DONTWAIT)) > 0)
    {
      g_string_append_len(self->logged, buffer, n);
      g_string_append_c(self->logged, '\n');
    }
  for (const gchar *at = self->logged->str; (at = strstr(at, " disconnect [")); at++)
    count++;
  return count;
}

/* Waits until it has said this on standard error. */
static inline void
agent_await_words(const Agent *self, const gchar *text)
{
  g_autofree gchar *said = NULL;

  do
    {
      g_free(said);
      g_usleep(1000);
      g_assert_true(g_file_get_contents(self->said, &said, NULL, NULL));
    }
  while (!strstr(said, text));
}

static inline gboolean
agent_has_said(const Agent *self, const gchar *text)
{
  g_autofree gchar *said = NULL;

  g_assert_true(g_file_get_contents(self->said, &said, NULL, NULL));
  return strstr(said, text) != NULL;
}

/* --- clients ---------------------------------------------------------------------------------- */

/* Returns: a descriptor; the connection may be refused by and by */
static inline gint
agent_connect(const Agent *self)
{
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  gint fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

  g_strlcpy(address.sun_path, self->socket, sizeof(address.sun_path));
  g_assert_cmpint(connect(fd, (struct sockaddr *) &address, sizeof(address)), ==, 0);
  return fd;
}

/* A client that has sent its first message; the command needs no escapes. */
static inline gint
agent_greet(const Agent *self, const gchar *id, const gchar *command)
{
  g_autofree gchar *json = g_strdup_printf("{\"ID\":\"%s\",\"Command\":\"%s\"}", id, command);
  guint8 head[2] = { (guint8) strlen(json), (guint8) (strlen(json) >> 8) };
  gint fd = agent_connect(self);

  g_assert_cmpint(write(fd, head, sizeof(head)), ==, sizeof(head));
  g_assert_cmpint(write(fd, json, strlen(json)), ==, strlen(json));
  return fd;
}

/* Reads until the text has come, or to the end. Returns: (transfer full): all that was read */
static inline gchar *
agent_read_until(gint fd, const gchar *text)
{
  GString *read_so_far = g_string_new(NULL);
  gchar buffer[4096];
  gssize n;

  while ((!text || !strstr(read_so_far->str, text)) && (n = read(fd, buffer, sizeof(buffer))) > 0)
    g_string_append_len(read_so_far, buffer, n);
  if (text && !strstr(read_so_far->str, text))
    g_error("\"%s\" never came: %s", text, read_so_far->str);
  return g_string_free(read_so_far, FALSE);
}

static inline void
agent_await_output(gint fd, const gchar *text)
{
  g_free(agent_read_until(fd, text));
}

#endif
