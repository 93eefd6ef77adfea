/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "process/user.h"

#include <fcntl.h>
#include <glib-unix.h>
#include <pwd.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define NOBODYS_UID 54321

static void
test_the_database_names_it(void)
{
  const struct passwd *entry = getpwuid(geteuid());
  g_autoptr(CdUser) user = NULL;

  if (!entry)
    {
      g_test_skip("this user is not in the password database");
      return;
    }
  user = cd_user_new();
  g_assert_cmpuint(user->uid, ==, geteuid());
  g_assert_cmpstr(user->name, ==, entry->pw_name);
}

static void
test_the_databases_shell_comes_first(void)
{
  const struct passwd *entry = getpwuid(geteuid());
  g_autoptr(CdUser) user = NULL;

  if (!entry || !*entry->pw_shell)
    {
      g_test_skip("this user has no shell in the password database");
      return;
    }
  g_setenv("SHELL", "/of/the/environment", TRUE);
  user = cd_user_new();
  g_assert_cmpstr(user->shell, ==, entry->pw_shell);
}

static void
test_the_environments_home_comes_first(void)
{
  g_autoptr(CdUser) user = NULL;

  g_setenv("HOME", "/of/the/environment", TRUE);
  user = cd_user_new();
  g_assert_cmpstr(user->home, ==, "/of/the/environment");
}

static void
test_the_databases_home_is_next(void)
{
  const struct passwd *entry = getpwuid(geteuid());
  const gchar *const values[] = { NULL, "" };

  if (!entry)
    {
      g_test_skip("this user is not in the password database");
      return;
    }
  for (gsize i = 0; i < G_N_ELEMENTS(values); i++)
    {
      g_autoptr(CdUser) user = NULL;

      if (values[i])
        g_setenv("HOME", values[i], TRUE);
      else
        g_unsetenv("HOME");
      user = cd_user_new();
      g_assert_cmpstr(user->home, ==, entry->pw_dir);
    }
}

/* What a user says of itself whom the database does not know, in a process of its own. */
static gchar *
_ask_unknown_user(const gchar *home, const gchar *shell)
{
  gchar text[256] = "";
  gint status, pipe[2];
  GPid pid;

  g_assert_true(g_unix_open_pipe(pipe, FD_CLOEXEC, NULL));
  pid = fork();
  if (pid == 0)
    {
      g_autoptr(CdUser) user = NULL;

      if (setresuid(NOBODYS_UID, NOBODYS_UID, NOBODYS_UID) != 0)
        _exit(1);
      home ? g_setenv("HOME", home, TRUE) : (void) g_unsetenv("HOME");
      shell ? g_setenv("SHELL", shell, TRUE) : (void) g_unsetenv("SHELL");
      user = cd_user_new();
      g_snprintf(text, sizeof(text), "%u %s %s %s", user->uid, user->name, user->home, user->shell);
      _exit(write(pipe[1], text, strlen(text)) < 0);
    }
  close(pipe[1]);
  g_assert_cmpint(read(pipe[0], text, sizeof(text) - 1), >, 0);
  close(pipe[0]);
  g_assert_cmpint(waitpid(pid, &status, 0), ==, pid);
  g_assert_cmpint(status, ==, 0);
  return g_strdup(text);
}

static void
_assert_unknown_user(const gchar *home, const gchar *shell, const gchar *expected)
{
  g_autofree gchar *got = _ask_unknown_user(home, shell);

  g_assert_cmpstr(got, ==, expected);
}

static void
test_who_is_not_in_the_database_has_a_number(void)
{
  if (geteuid() != 0 || getpwuid(NOBODYS_UID))
    {
      g_test_skip("needs root, and a user id that nobody has");
      return;
    }
  _assert_unknown_user(NULL, NULL, "54321 54321 / /bin/sh");
  _assert_unknown_user("/h", "/bin/x", "54321 54321 /h /bin/x");
  _assert_unknown_user("", "", "54321 54321 / /bin/sh");
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/user/the-database-names-it", test_the_database_names_it);
  g_test_add_func("/user/the-databases-shell-comes-first", test_the_databases_shell_comes_first);
  g_test_add_func("/user/the-environments-home-comes-first",
                  test_the_environments_home_comes_first);
  g_test_add_func("/user/the-databases-home-is-next", test_the_databases_home_is_next);
  g_test_add_func("/user/who-is-not-in-the-database-has-a-number",
                  test_who_is_not_in_the_database_has_a_number);
  return g_test_run();
}
