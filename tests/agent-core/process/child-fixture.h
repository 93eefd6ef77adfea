/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A child on a terminal in a test, and a loop that waits for events. */
#ifndef CD_CHILD_FIXTURE_H
#define CD_CHILD_FIXTURE_H

#include "../../support/loop.h"
#include "process/child.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define FIXTURE_PATH "PATH=/usr/local/bin:/usr/bin:/bin"

typedef struct _Fixture
{
  CdPtyPair pair;
  CdInherited *inherited;
  const gchar *const *environment;
  const gchar *argv0;
  const gchar *folder;
  CdCgroup *cgroup;
  CdChild *child;
  guint n_ended;
  gboolean free_when_ended;
  CdChildEnd end;
  GString *output; /* without carriage returns */
} Fixture;

static inline void
fixture_set_up(Fixture *self, gconstpointer data)
{
  static const gchar *const environment[] = { FIXTURE_PATH, "TERM=dumb", NULL };
  g_autoptr(GError) error = NULL;

  *self = (Fixture) { .environment = environment, .folder = "/" };
  self->inherited = cd_inherited_new();
  self->output = g_string_new(NULL);
  cd_pty_pair_open(&self->pair, 0, 0, &error);
  g_assert_no_error(error);
}

static inline void
fixture_tear_down(Fixture *self, gconstpointer data)
{
  cd_child_free(self->child);
  loop_settle();
  cd_pty_pair_close(&self->pair);
  cd_inherited_free(self->inherited);
  cd_cgroup_free(self->cgroup);
  g_string_free(self->output, TRUE);
}

static inline void
fixture_on_ended(CdChild *child, const CdChildEnd *end, gpointer data)
{
  Fixture *self = data;

  g_assert_true(child == self->child);
  g_assert_true(cd_child_has_ended(child));
  g_assert_cmpint(cd_child_get_pid(child), ==, 0);
  self->end = *end;
  self->n_ended++;
  if (self->free_when_ended)
    g_clear_pointer(&self->child, cd_child_free);
}

static inline gboolean
fixture_try(Fixture *self, const gchar *const *argv, GError **error)
{
  const CdChildOptions options = {
    .argv = argv,
    .argv0 = self->argv0,
    .environment = self->environment,
    .folder = self->folder,
    .pair = &self->pair,
    .inherited = self->inherited,
    .cgroup = self->cgroup,
  };

  g_assert_null(self->child);
  self->child = cd_child_new(&options, fixture_on_ended, self, error);
  return self->child != NULL;
}

static inline void
fixture_start(Fixture *self, const gchar *const *argv)
{
  g_autoptr(GError) error = NULL;

  fixture_try(self, argv, &error);
  g_assert_no_error(error);
}

static inline void
fixture_start_script(Fixture *self, const gchar *script)
{
  const gchar *const argv[] = { "sh", "-c", script, NULL };

  fixture_start(self, argv);
}

/* Reads what is there; whether more can come. */
static inline gboolean
fixture_read(Fixture *self, gint patience_ms)
{
  struct pollfd master = { .fd = self->pair.master, .events = POLLIN };
  gchar buffer[4096];
  ssize_t length;

  if (poll(&master, 1, patience_ms) == 0)
    return FALSE;
  length = read(self->pair.master, buffer, sizeof(buffer));
  for (ssize_t i = 0; i < length; i++)
    if (buffer[i] != '\r')
      g_string_append_c(self->output, buffer[i]);
  return length > 0;
}

static inline void
fixture_wait_for_text(Fixture *self, const gchar *text)
{
  while (!strstr(self->output->str, text))
    if (!fixture_read(self, LOOP_PATIENCE_S * 1000))
      g_error("\"%s\" did not come: %s", text, self->output->str);
}

static inline void
fixture_wait_for_end(Fixture *self)
{
  loop_wait(self->n_ended > 0);
  while (fixture_read(self, LOOP_PATIENCE_S * 1000))
    ;
}

/* What a script of few words prints. */
static inline const gchar *
fixture_run(Fixture *self, const gchar *script)
{
  fixture_start_script(self, script);
  fixture_wait_for_end(self);
  return self->output->str;
}

static inline void
fixture_type(Fixture *self, const gchar *text)
{
  g_assert_cmpint(write(self->pair.master, text, strlen(text)), ==, (gssize) strlen(text));
}

static inline void
fixture_assert_no_children(void)
{
  siginfo_t info;

  g_assert_cmpint(waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT), ==, -1);
  g_assert_cmpint(errno, ==, ECHILD);
}

#define fixture_add(path, test)                                                                    \
  g_test_add(path, Fixture, NULL, fixture_set_up, test, fixture_tear_down)

#endif
