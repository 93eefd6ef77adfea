/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "agent/settings-check.h"
#include "pty/host.h"

#include "../../support/unit.h"

#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define ARGUMENTS_MAX 8

typedef struct _Fixture
{
  gchar *folder;
  gchar *file; /* key file in there */
  CdOptions options;
  CdSettings *settings;
} Fixture;

static void
set_up(Fixture *self, gconstpointer data)
{
  for (CdSetting i = 0; i < CD_N_SETTINGS; i++)
    {
      g_autofree gchar *variable = cd_setting_get_variable(i);

      g_unsetenv(variable);
    }
  self->folder = g_dir_make_tmp("cd-settings-XXXXXX", NULL);
  self->file = g_build_filename(self->folder, "conf", NULL);
}

static void
tear_down(Fixture *self, gconstpointer data)
{
  g_autofree gchar *lock = g_build_filename(self->folder, "lock", NULL);

  g_clear_pointer(&self->settings, cd_settings_free);
  cd_options_clear(&self->options);
  g_unlink(self->file);
  g_unlink(lock);
  g_assert_cmpint(g_rmdir(self->folder), ==, 0);
  g_free(self->folder);
  g_free(self->file);
}

static void
write_file(const Fixture *self, const gchar *text)
{
  g_assert_true(g_file_set_contents(self->file, text, -1, NULL));
}

/* Reads with these flags and, unless they name another one, an empty key file. */
static void
read_settings(Fixture *self, const gchar *const *flags)
{
  const gchar *argv[ARGUMENTS_MAX + 4] = { "coder-agentd", "--config", self->file };
  g_autoptr(GError) error = NULL;

  if (!g_file_test(self->file, G_FILE_TEST_EXISTS))
    write_file(self, "");
  for (guint i = 0; flags && flags[i]; i++)
    argv[i + 3] = flags[i];
  g_clear_pointer(&self->settings, cd_settings_free);
  cd_options_clear(&self->options);
  cd_options_read(&self->options, argv, &error);
  g_assert_no_error(error);
  self->settings = cd_settings_new(&self->options);
}

static gchar *
join_problems(const Fixture *self)
{
  const GPtrArray *problems = cd_settings_get_problems(self->settings);
  g_autoptr(GString) joined = g_string_new(NULL);

  for (guint i = 0; i < problems->len; i++)
    g_string_append_printf(joined, "%s\n", (const gchar *) g_ptr_array_index(problems, i));
  g_string_replace(joined, self->file, "FILE", 0);
  g_string_replace(joined, self->folder, "FOLDER", 0);
  return g_string_free(g_steal_pointer(&joined), FALSE);
}

static void
assert_problems(const Fixture *self, const gchar *expected)
{
  g_autofree gchar *problems = join_problems(self);

  g_assert_cmpstr(problems, ==, expected);
}

/* --- precedence ------------------------------------------------------------------------------- */

static void
test_default(Fixture *self, gconstpointer data)
{
  read_settings(self, NULL);
  assert_problems(self, "");
  g_assert_cmpint(cd_settings_get_number(self->settings, CD_SETTING_PTY_IDLE_TIMEOUT), ==, 300);
  g_assert_cmpstr(cd_settings_get_origin(self->settings, CD_SETTING_PTY_IDLE_TIMEOUT), ==,
                  "default");
  g_assert_false(cd_settings_is_given(self->settings, CD_SETTING_PTY_IDLE_TIMEOUT));
  g_assert_null(cd_settings_get_text(self->settings, CD_SETTING_STATE_DIR));
  g_assert_null(cd_settings_get_list(self->settings, CD_SETTING_SYSLOG)[0]);
}

static void
test_file_beats_default(Fixture *self, gconstpointer data)
{
  write_file(self, "[coder-agentd]\npty-idle-timeout=11\n");
  read_settings(self, NULL);
  g_assert_cmpint(cd_settings_get_number(self->settings, CD_SETTING_PTY_IDLE_TIMEOUT), ==, 11);
  g_assert_cmpstr(cd_settings_get_origin(self->settings, CD_SETTING_PTY_IDLE_TIMEOUT), ==,
                  self->file);
}

static void
test_environment_beats_file(Fixture *self, gconstpointer data)
{
  g_setenv("CODER_AGENT_PTY_IDLE_TIMEOUT", "22", TRUE);
  write_file(self, "[coder-agentd]\npty-idle-timeout=11\n");
  read_settings(self, NULL);
  g_assert_cmpint(cd_settings_get_number(self->settings, CD_SETTING_PTY_IDLE_TIMEOUT), ==, 22);
  g_assert_cmpstr(cd_settings_get_origin(self->settings, CD_SETTING_PTY_IDLE_TIMEOUT), ==,
                  "CODER_AGENT_PTY_IDLE_TIMEOUT");
}

static void
test_flag_beats_environment(Fixture *self, gconstpointer data)
{
  const gchar *const flags[] = { "--pty-idle-timeout=33", NULL };

  g_setenv("CODER_AGENT_PTY_IDLE_TIMEOUT", "22", TRUE);
  read_settings(self, flags);
  g_assert_cmpint(cd_settings_get_number(self->settings, CD_SETTING_PTY_IDLE_TIMEOUT), ==, 33);
  g_assert_cmpstr(cd_settings_get_origin(self->settings, CD_SETTING_PTY_IDLE_TIMEOUT), ==, "flag");
}

static void
test_last_flag_stands(Fixture *self, gconstpointer data)
{
  const gchar *const flags[] = { "--pen=1", "--pen", "2", NULL };

  read_settings(self, flags);
  g_assert_cmpint(cd_settings_get_number(self->settings, CD_SETTING_PEN), ==, 2);
}

/* A list of one place is not joined with that of another. */
static void
test_lists_are_not_joined(Fixture *self, gconstpointer data)
{
  const gchar *const flags[] = { "--syslog=stderr:", "--syslog", "udp:a:1", NULL };

  g_setenv("CODER_AGENT_SYSLOG", "journald:", TRUE);
  read_settings(self, flags);
  g_assert_cmpuint(g_strv_length((GStrv) cd_settings_get_list(self->settings, CD_SETTING_SYSLOG)),
                   ==, 2);
  g_assert_cmpstr(cd_settings_get_list(self->settings, CD_SETTING_SYSLOG)[0], ==, "stderr:");
  g_assert_cmpstr(cd_settings_get_list(self->settings, CD_SETTING_SYSLOG)[1], ==, "udp:a:1");
}

static void
test_list_in_environment(Fixture *self, gconstpointer data)
{
  g_setenv("CODER_AGENT_SYSLOG", "  stderr:   udp:a:1 ", TRUE);
  read_settings(self, NULL);
  assert_problems(self, "");
  g_assert_cmpstr(cd_settings_get_list(self->settings, CD_SETTING_SYSLOG)[0], ==, "stderr:");
  g_assert_cmpstr(cd_settings_get_list(self->settings, CD_SETTING_SYSLOG)[1], ==, "udp:a:1");
  g_assert_null(cd_settings_get_list(self->settings, CD_SETTING_SYSLOG)[2]);
}

static void
test_list_in_file(Fixture *self, gconstpointer data)
{
  write_file(self, "[coder-agentd]\nsyslog=unix-dgram:/a b;unix-dgram:/c\\;d\n");
  read_settings(self, NULL);
  g_assert_cmpstr(cd_settings_get_list(self->settings, CD_SETTING_SYSLOG)[0], ==,
                  "unix-dgram:/a b");
  g_assert_cmpstr(cd_settings_get_list(self->settings, CD_SETTING_SYSLOG)[1], ==,
                  "unix-dgram:/c;d");
}

static void
test_empty_variable_is_none(Fixture *self, gconstpointer data)
{
  g_setenv("CODER_AGENT_PEN", "", TRUE);
  read_settings(self, NULL);
  assert_problems(self, "");
  g_assert_cmpstr(cd_settings_get_origin(self->settings, CD_SETTING_PEN), ==, "default");
}

/* What a client may ask for may be the default, too. */
static void
test_backends_are_those_of_terminals(Fixture *self, gconstpointer data)
{
  for (CdPtyBackend i = 0; i < CD_PTY_N_BACKENDS; i++)
    g_assert_true(cd_setting_check(CD_SETTING_PTY_BACKEND, cd_pty_backend_get_name(i), NULL));
}

static void
test_switch(Fixture *self, gconstpointer data)
{
  const gchar *const on[] = { "--trust-loopback", NULL };
  const gchar *const off[] = { "--trust-loopback=false", NULL };

  read_settings(self, on);
  g_assert_true(cd_settings_get_switch(self->settings, CD_SETTING_TRUST_LOOPBACK));
  g_setenv("CODER_AGENT_TRUST_LOOPBACK", "true", TRUE);
  read_settings(self, off);
  g_assert_false(cd_settings_get_switch(self->settings, CD_SETTING_TRUST_LOOPBACK));
}

/* --- wrong places ----------------------------------------------------------------------------- */

static void
test_wrong_variable(Fixture *self, gconstpointer data)
{
  g_setenv("CODER_AGENT_PEN", "0", TRUE);
  read_settings(self, NULL);
  assert_problems(self, "CODER_AGENT_PEN: pen=0: allowed: 1 to 2147483647\n");
}

static void
test_all_that_is_wrong(Fixture *self, gconstpointer data)
{
  g_setenv("CODER_AGENT_PEN", "0", TRUE);
  write_file(self, "[coder-agentd]\nnonsense=1\nmax-sessions=x\npty-backend=tmux\n"
                   "trust-loopback=yes\nstate-dir=\n[other]\na=b\n");
  read_settings(self, NULL);
  assert_problems(self, "FILE: [other]: no such group; there is [coder-agentd]\n"
                        "FILE: nonsense: no such key\n"
                        "FILE: pty-backend=tmux: allowed: terminal buffered screen\n"
                        "FILE: max-sessions=x: allowed: 1 to 100000\n"
                        "FILE: trust-loopback=yes: allowed: true or false\n"
                        "FILE: state-dir=: allowed: anything but nothing\n"
                        "CODER_AGENT_PEN: pen=0: allowed: 1 to 2147483647\n");
}

static void
test_file_that_is_none(Fixture *self, gconstpointer data)
{
  write_file(self, "pen=1\n");
  read_settings(self, NULL);
  assert_problems(self, "FILE: Key file does not start with a group\n");
}

static void
test_file_that_is_not_there(Fixture *self, gconstpointer data)
{
  const gchar *const flags[] = { "--config=/nonexistent/conf", NULL };

  read_settings(self, flags);
  assert_problems(self, "/nonexistent/conf: No such file or directory\n");
}

static void
test_file_that_cannot_be_read(Fixture *self, gconstpointer data)
{
  if (geteuid() == 0)
    {
      g_test_skip("root reads every file");
      return;
    }
  write_file(self, "");
  g_assert_cmpint(g_chmod(self->file, 0), ==, 0);
  read_settings(self, NULL);
  assert_problems(self, "FILE: Permission denied\n");
}

/* --- wrong use -------------------------------------------------------------------------------- */

typedef struct _Use
{
  const gchar *name;
  const gchar *arguments[3];
  const gchar *expected;
} Use;

static const Use uses[] = {
  { "no number", { "--pen=x" }, "--pen=x: allowed: 1 to 2147483647" },
  { "too small", { "--pen=0" }, "--pen=0: allowed: 1 to 2147483647" },
  { "too large", { "--pen=2147483648" }, "--pen=2147483648: allowed: 1 to 2147483647" },
  { "no choice",
    { "--pty-backend=tmux" },
    "--pty-backend=tmux: allowed: terminal buffered screen" },
  { "no switch", { "--session-token=1" }, "--session-token=1: allowed: true or false" },
  { "nothing", { "--syslog=" }, "--syslog=: allowed: anything but nothing" },
  { "no value", { "--syslog" }, "Missing argument for --syslog" },
  { "an argument", { "now" }, "now: no such argument" },
  { "an option that is none", { "--nonsense" }, "Unknown option --nonsense" },
};

static void
test_use(gconstpointer data)
{
  const Use *use = data;
  const gchar *argv[] = { "coder-agentd", use->arguments[0], use->arguments[1], NULL };
  g_auto(CdOptions) options = { 0 };
  g_autoptr(GError) error = NULL;

  g_assert_false(cd_options_read(&options, argv, &error));
  g_assert_error(error, CD_SETTING_ERROR, CD_SETTING_ERROR_USE);
  g_assert_cmpstr(error->message, ==, use->expected);
}

/* --- print ------------------------------------------------------------------------------------ */

static const gchar *const everything[] = {
  "--pty-listen=unix:/a;b",
  "--pty-listen=127.0.0.1:0",
  "--syslog=unix-dgram:/x y\\z;",
  "--host= a=b # c",
  "--trust-loopback",
  "--prometheus-address=",
  "--pty-backend=buffered",
  NULL,
};

static void
test_printed_is_read_again(Fixture *self, gconstpointer data)
{
  g_autoptr(GString) text = g_string_new(NULL);
  g_autoptr(CdSettings) before = NULL;

  read_settings(self, everything);
  before = g_steal_pointer(&self->settings);
  cd_settings_print(before, text);
  write_file(self, text->str);
  read_settings(self, NULL);
  assert_problems(self, "");
  for (CdSetting i = 0; i < CD_N_SETTINGS; i++)
    {
      g_assert_true(cd_settings_agree(before, self->settings, i));
      g_assert_true(cd_settings_is_given(before, i) == cd_settings_is_given(self->settings, i));
    }
}

static void
test_printed_has_all(Fixture *self, gconstpointer data)
{
  g_autoptr(GString) text = g_string_new(NULL);

  g_setenv("CODER_AGENT_PEN", "7", TRUE);
  read_settings(self, NULL);
  cd_settings_print(self->settings, text);
  for (CdSetting i = 0; i < CD_N_SETTINGS; i++)
    {
      g_autofree gchar *key = g_strconcat(cd_setting_get_info(i)->name, "=", NULL);

      g_assert_nonnull(strstr(text->str, key));
    }
  g_assert_nonnull(strstr(text->str, "\n# CODER_AGENT_PEN\npen=7\n"));
  g_assert_nonnull(strstr(text->str, "\n# default\n#max-sessions=1024\n"));
}

/* --- check ------------------------------------------------------------------------------------ */

typedef struct _Look
{
  const gchar *name;
  const gchar *flags[4];
  const gchar *expected; /* FILE and FOLDER stand for those of the test, in both */
} Look;

static const Look looks[] = {
  { "defaults", { NULL }, "" },
  { "an address that is none",
    { "--pty-listen=here" },
    "flag: pty-listen=here: here: not HOST:PORT, [IPV6]:PORT or unix:PATH\n" },
  { "a socket in a folder that is not there",
    { "--pty-listen=unix:FOLDER/no/s" },
    "flag: pty-listen=unix:FOLDER/no/s: FOLDER/no: No such file or directory\n" },
  { "a socket below a file",
    { "--pty-listen=unix:FILE/s" },
    "flag: pty-listen=unix:FILE/s: FILE: Not a directory\n" },
  { "an address given twice",
    { "--pty-listen=127.0.0.1:1", "--pty-listen=127.0.0.1:1" },
    "flag: pty-listen=127.0.0.1:1: given twice\n" },
  { "a target that is none",
    { "--syslog=tls:a" },
    "flag: syslog=tls:a: \"tls:a\" is not as tls:HOST:PORT: the port is missing\n" },
  { "files of tls where it is not spoken", { "--syslog=stderr:", "--tls-ca=FOLDER/no" }, "" },
  { "a state folder that can be made", { "--state-dir=FOLDER/a/b" }, "" },
  { "a state folder that is there", { "--state-dir=FOLDER" }, "" },
  { "a state folder below a file",
    { "--state-dir=FILE/a" },
    "flag: state-dir=FILE/a: FILE: Not a directory\n" },
  { "a state folder that is a file",
    { "--state-dir=FILE" },
    "flag: state-dir=FILE: FILE: cannot make it: Not a directory\n" },
  { "no metrics", { "--prometheus-address=none" }, "" },
  { "no metrics by nothing", { "--prometheus-address=" }, "" },
  { "metrics at no address",
    { "--prometheus-address=2112" },
    "flag: prometheus-address=2112: 2112: not HOST:PORT, [IPV6]:PORT or unix:PATH\n" },
};

static gchar *
fill_in(const Fixture *self, const gchar *text)
{
  g_autoptr(GString) filled = g_string_new(text);

  g_string_replace(filled, "FILE", self->file, 0);
  g_string_replace(filled, "FOLDER", self->folder, 0);
  return g_string_free(g_steal_pointer(&filled), FALSE);
}

static void
test_check(gconstpointer data)
{
  const Look *look = data;
  Fixture self = { 0 };
  g_auto(GStrv) flags = g_new0(gchar *, G_N_ELEMENTS(look->flags) + 1);

  set_up(&self, NULL);
  for (guint i = 0; i < G_N_ELEMENTS(look->flags) && look->flags[i]; i++)
    flags[i] = fill_in(&self, look->flags[i]);
  read_settings(&self, (const gchar *const *) flags);
  cd_settings_check(self.settings);
  assert_problems(&self, look->expected);
  tear_down(&self, NULL);
}

static void
test_check_reads_certificates(Fixture *self, gconstpointer data)
{
  g_autofree gchar *flag = g_strdup_printf("--tls-ca=%s/no", self->folder);
  const gchar *const flags[] = { "--syslog=tls:a:1", flag, NULL };
  const GPtrArray *problems;

  read_settings(self, flags);
  cd_settings_check(self->settings);
  problems = cd_settings_get_problems(self->settings);
  g_assert_cmpuint(problems->len, ==, 1);
  g_assert_true(g_str_has_prefix(g_ptr_array_index(problems, 0), "flag: syslog=tls:a:1: "));
}

static void
test_check_wants_a_folder_of_its_own(Fixture *self, gconstpointer data)
{
  g_autofree gchar *flag = g_strdup_printf("--state-dir=%s", self->folder);
  const gchar *const flags[] = { flag, NULL };

  g_assert_cmpint(g_chmod(self->folder, 0750), ==, 0);
  read_settings(self, flags);
  cd_settings_check(self->settings);
  assert_problems(self, "flag: state-dir=FOLDER: FOLDER: is open to group or others\n");
}

/* GLib takes a back end that is not there for one that cannot speak TLS. */
static void
test_check_names_the_missing_back_end(Fixture *self, gconstpointer data)
{
  const gchar *const flags[] = { "--syslog=tls:a:1", NULL };

  if (!g_test_subprocess())
    {
      g_setenv("GIO_MODULE_DIR", "/nonexistent", TRUE);
      g_setenv("GIO_USE_TLS", "dummy", TRUE);
      g_test_trap_subprocess(NULL, 0, 0);
      g_unsetenv("GIO_MODULE_DIR");
      g_unsetenv("GIO_USE_TLS");
      g_test_trap_assert_passed();
      return;
    }
  read_settings(self, flags);
  cd_settings_check(self->settings);
  assert_problems(self, "flag: syslog=tls:a:1: GLib cannot speak TLS here; install Debian's "
                        "package glib-networking\n");
}

#define add(name, test) g_test_add("/settings/" name, Fixture, NULL, set_up, test, tear_down)

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  add("default", test_default);
  add("file-beats-default", test_file_beats_default);
  add("environment-beats-file", test_environment_beats_file);
  add("flag-beats-environment", test_flag_beats_environment);
  add("last-flag-stands", test_last_flag_stands);
  add("lists-are-not-joined", test_lists_are_not_joined);
  add("list-in-environment", test_list_in_environment);
  add("list-in-file", test_list_in_file);
  add("empty-variable-is-none", test_empty_variable_is_none);
  add("backends-are-those-of-terminals", test_backends_are_those_of_terminals);
  add("switch", test_switch);
  add("wrong-variable", test_wrong_variable);
  add("all-that-is-wrong", test_all_that_is_wrong);
  add("file-that-is-none", test_file_that_is_none);
  add("file-that-is-not-there", test_file_that_is_not_there);
  add("file-that-cannot-be-read", test_file_that_cannot_be_read);
  unit_add_rows("/settings/wrong-use", uses, test_use);
  add("printed-is-read-again", test_printed_is_read_again);
  add("printed-has-all", test_printed_has_all);
  unit_add_rows("/settings/check", looks, test_check);
  add("check-reads-certificates", test_check_reads_certificates);
  add("check-wants-a-folder-of-its-own", test_check_wants_a_folder_of_its_own);
  add("check-names-the-missing-back-end", test_check_names_the_missing_back_end);
  return g_test_run();
}
