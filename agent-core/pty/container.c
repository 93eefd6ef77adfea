/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pty/container.h"

#include "process/program.h"
#include "process/query.h"
#include "pty/go-json.h"

#include <string.h>

#define PROGRAM "docker"

/* Milliseconds for docker to tell of a container, and to stop what is left in it. */
#define INSPECT_MS 5000
#define STOP_MS 15000

/* Characters of a name, which docker itself does not limit. */
#define NAME_MAX_LENGTH 255

/* Statuses from there on are docker's own, or a signal's. */
#define DOCKER_FAILED 125

/* The environment of a program's start never changes, so it tells which process is ours, whatever
 * became of the process ids meanwhile. The first argument is the session's id, the second is empty
 * where the user's shell is meant: /etc/passwd is for images without getent(1). */
#define RUN_SCRIPT                                                                                 \
  "CODER_PTY_PROGRAM=$1.$$.; export CODER_PTY_PROGRAM; shift\n"                                    \
  "cd \"${HOME:-/}\" 2>/dev/null\n"                                                                \
  "[ -z \"$1\" ] || exec \"$@\"\n"                                                                 \
  "shift\n"                                                                                        \
  "uid=$(id -u 2>/dev/null)\n"                                                                     \
  "shell=$(getent passwd \"$uid\" 2>/dev/null | cut -d: -f7)\n"                                    \
  "if [ -z \"$shell\" ] && [ -r /etc/passwd ]; then\n"                                             \
  "  while IFS=: read -r n p i g c h shell; do [ \"$i\" = \"$uid\" ] && break; shell=; done"       \
  " </etc/passwd\n"                                                                                \
  "fi\n"                                                                                           \
  "[ -x \"$shell\" ] || shell=/bin/sh\n"                                                           \
  "SHELL=$shell; export SHELL; unset uid shell n p i g c h\n"                                      \
  "[ $# -gt 0 ] || set -- -l\n"                                                                    \
  "exec \"$SHELL\" \"$@\"\n"

/* SIGHUP, and SIGKILL to what is there three seconds later. */
#define STOP_SCRIPT                                                                                \
  "for e in $(grep -ls \"CODER_PTY_PROGRAM=$1\\.\" /proc/[0-9]*/environ); do\n"                    \
  "  p=${e#/proc/}; p=${p%/environ}\n"                                                             \
  "  tr '\\0' '\\n' <$e 2>/dev/null | grep -qx \"CODER_PTY_PROGRAM=$1\\.$p\\.\" || continue\n"     \
  "  kill -HUP \"-$p\" \"$p\" 2>/dev/null; kill -CONT \"$p\" 2>/dev/null\n"                        \
  "  for t in 1 2 3; do kill -0 \"$p\" 2>/dev/null || break; sleep 1; done\n"                      \
  "  kill -KILL \"-$p\" \"$p\" 2>/dev/null\n"                                                      \
  "done\n"                                                                                         \
  ":\n"

struct _CdPtyContainer
{
  const CdPtyHost *host;
  const CdPtyContainerEvents *events;
  gpointer owner;
  gchar id[CD_PTY_ID_SIZE]; /* of the session */
  gchar *name;
  gchar *user;
  gchar **environment;
  CdQuery *query;
  gboolean is_entered; /* something of the session may be in it */
};

/* --- names ------------------------------------------------------------------------------------ */

gboolean
cd_pty_container_check_name(const gchar *name)
{
  return strlen(name) <= NAME_MAX_LENGTH
         && g_regex_match_simple("\\A[a-zA-Z0-9][a-zA-Z0-9_.-]*\\z", name, 0, 0);
}

gboolean
cd_pty_container_check_user(const gchar *user)
{
  return strlen(user) <= NAME_MAX_LENGTH
         && g_regex_match_simple("\\A[a-zA-Z0-9_][a-zA-Z0-9_.-]*\\$?"
                                 "(:[a-zA-Z0-9_][a-zA-Z0-9_.-]*\\$?)?\\z",
                                 user, 0, 0);
}

static gboolean
_fail(GError **error, const gchar *why)
{
  g_set_error(error, CD_PTY_ERROR, CD_PTY_ERROR_START, "could not be started: %s", why);
  return FALSE;
}

static gboolean
_check(const CdPtyContainer *self, GError **error)
{
  gint code;
  g_autofree gchar *docker = NULL;

  if (!cd_pty_container_check_name(self->name))
    return _fail(error, "no name of a container");
  if (*self->user && !cd_pty_container_check_user(self->user))
    return _fail(error, "no name of a container's user");
  docker = cd_program_find(PROGRAM, (const gchar *const *) self->environment, "/", &code);
  return docker || _fail(error, PROGRAM " is not installed");
}

/* --- docker ----------------------------------------------------------------------------------- */

static CdQuery *
_ask(CdPtyContainer *self, gchar **argv, guint timeout_ms, CdQueryEnded ended, GError **error)
{
  const CdQueryOptions options = {
    .argv = (const gchar *const *) argv,
    .environment = (const gchar *const *) self->environment,
    .folder = self->host->user->home,
    .inherited = self->host->inherited,
    .timeout_ms = timeout_ms,
  };

  return cd_query_new(&options, ended, self, error);
}

static gchar *
_explain(const CdPtyContainer *self, const CdQueryEnd *end)
{
  g_autofree gchar *said = g_strdelimit(g_strdup(end->output), "\r\n", ' ');

  g_strstrip(said);
  if (end->is_late)
    return g_strdup(PROGRAM " did not answer in its time");
  if (strstr(said, "No such"))
    return g_strdup_printf("no such container: %s", self->name);
  if (end->status == 0 && g_str_equal(said, "true"))
    return NULL;
  if (end->status == 0)
    return g_strdup_printf("container %s is not running", self->name);
  return g_strdup_printf(PROGRAM ": %s", *said ? said : "failed");
}

static void
_on_inspected(const CdQueryEnd *end, gpointer user_data)
{
  CdPtyContainer *self = user_data;
  CdQuery *query = g_steal_pointer(&self->query);
  g_autofree gchar *trouble = _explain(self, end);
  g_autofree gchar *why = trouble ? g_strconcat("could not be started: ", trouble, NULL) : NULL;

  self->events->found(why, self->owner);
  cd_query_free(query);
}

static gboolean
_inspect(CdPtyContainer *self, GError **error)
{
  gchar *argv[] = {
    PROGRAM, "inspect", "--type", "container", "--format", "{{.State.Running}}", self->name, NULL,
  };
  g_autoptr(GError) why = NULL;
  guint timeout_ms = MIN(INSPECT_MS, self->host->settings.attach_timeout_ms);

  self->query = _ask(self, argv, timeout_ms, _on_inspected, &why);
  return self->query || _fail(error, why->message);
}

/* --- what runs in it -------------------------------------------------------------------------- */

static void
_add_user(const CdPtyContainer *self, GStrvBuilder *argv)
{
  if (*self->user)
    g_strv_builder_add_many(argv, "-u", self->user, NULL);
}

CdPtyCommand *
cd_pty_container_make_command(CdPtyContainer *self, const gchar *command)
{
  g_autoptr(CdPtyCommand) there = cd_pty_command_new(self->host, "", command);
  g_autoptr(GStrvBuilder) argv = g_strv_builder_new();

  g_strv_builder_add_many(argv, PROGRAM, "exec", "-it", NULL);
  _add_user(self, argv);
  g_strv_builder_add_many(argv, "-e", "TERM=xterm-256color", "-e", "CODER=true", self->name, "sh",
                          "-c", RUN_SCRIPT, "sh", self->id, NULL);
  g_strv_builder_addv(argv, (const gchar **) there->argv);
  g_strfreev(there->argv);
  there->argv = g_strv_builder_end(argv);
  g_clear_pointer(&there->argv0, g_free);
  self->is_entered = TRUE;
  return g_steal_pointer(&there);
}

static void
_on_stopped(const CdQueryEnd *end, gpointer user_data)
{
  CdPtyContainer *self = user_data;
  CdQuery *query = g_steal_pointer(&self->query);

  if (end->status != 0)
    g_warning("session %s: what it left in container %s could not be stopped", self->id,
              self->name);
  self->is_entered = FALSE;
  self->events->left(self->owner);
  cd_query_free(query);
}

static gboolean
_stop(CdPtyContainer *self)
{
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new();
  g_auto(GStrv) argv = NULL;
  g_autoptr(GError) error = NULL;

  g_strv_builder_add_many(builder, PROGRAM, "exec", NULL);
  _add_user(self, builder);
  g_strv_builder_add_many(builder, self->name, "sh", "-c", STOP_SCRIPT, "sh", self->id, NULL);
  argv = g_strv_builder_end(builder);
  self->query = _ask(self, argv, STOP_MS, _on_stopped, &error);
  if (!self->query)
    g_warning("session %s: %s", self->id, error->message);
  return self->query != NULL;
}

/* A status of the program's own proves that it has ended. */
void
cd_pty_container_end(CdPtyContainer *self, const CdChildEnd *end)
{
  gboolean is_over = end && end->status >= 0 && end->status < DOCKER_FAILED;

  if (!self->is_entered || self->query)
    return;
  self->is_entered = !is_over && _stop(self);
}

gboolean
cd_pty_container_is_busy(const CdPtyContainer *self)
{
  return self->is_entered;
}

/* --- life ------------------------------------------------------------------------------------- */

CdPtyContainer *
cd_pty_container_new(const CdPtyHost *host, const CdPtyInit *init,
                     const CdPtyContainerEvents *events, gpointer owner, GError **error)
{
  g_autoptr(CdPtyContainer) self = g_new0(CdPtyContainer, 1);

  self->host = host;
  self->events = events;
  self->owner = owner;
  self->name = g_strdup(init->container);
  self->user = g_strdup(init->container_user);
  self->environment = cd_pty_command_make_environment(host);
  g_strlcpy(self->id, init->id, sizeof(self->id));
  if (!_check(self, error) || !_inspect(self, error))
    return NULL;
  return g_steal_pointer(&self);
}

void
cd_pty_container_free(CdPtyContainer *self)
{
  if (!self)
    return;
  if (self->is_entered && !self->query)
    _stop(self);
  if (self->is_entered && self->query)
    cd_query_leave(g_steal_pointer(&self->query));
  g_clear_pointer(&self->query, cd_query_free);
  g_strfreev(self->environment);
  g_free(self->name);
  g_free(self->user);
  g_free(self);
}
