/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Who else can reach the folder is not trusted; who has it is not disturbed. */
#include "spool-fixture.h"

#include <errno.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#define NOBODY 65534

static void
_expect_refused(Fixture *self, const gchar *path, gint code, const gchar *why)
{
  GError *error = NULL;

  self->options.folder = path;
  g_assert_null(cd_spool_open(&self->options, &error));
  g_assert_error(error, CD_SPOOL_ERROR, code);
  g_assert_nonnull(strstr(error->message, why));
  g_assert_nonnull(strstr(error->message, self->parent));
  g_clear_error(&error);
}

static void
_expect_unsafe(Fixture *self, const gchar *why)
{
  _expect_refused(self, self->folder, CD_SPOOL_ERROR_UNSAFE, why);
}

static mode_t
_mode_of(const gchar *path)
{
  GStatBuf is;

  g_assert_cmpint(g_lstat(path, &is), ==, 0);
  return is.st_mode & 0777;
}

static void
_fill(Fixture *self)
{
  fixture_open(self);
  fixture_cursor(self, "a");
  fixture_append(self, 2 * FIXTURE_PER_SEGMENT);
  fixture_close(self);
}

FIXTURE_TEST(test_modes)
{
  g_autoptr(GPtrArray) segments = NULL;
  const mode_t before = umask(0);

  _fill(self);
  umask(before);
  segments = fixture_segments(self);
  g_assert_cmpint(_mode_of(self->folder), ==, 0700);
  g_ptr_array_add(segments, fixture_path(self, "lock"));
  g_ptr_array_add(segments, fixture_path(self, "cursors"));
  g_assert_cmpuint(segments->len, ==, 4);
  for (guint i = 0; i < segments->len; i++)
    g_assert_cmpint(_mode_of(g_ptr_array_index(segments, i)), ==, 0600);
}

FIXTURE_TEST(test_open_folder)
{
  static const int modes[] = { 0701, 0710, 0702, 0750, 0777 };

  _fill(self);
  for (guint i = 0; i < G_N_ELEMENTS(modes); i++)
    {
      g_assert_cmpint(g_chmod(self->folder, modes[i]), ==, 0);
      _expect_unsafe(self, "group or others");
    }
  g_assert_cmpint(g_chmod(self->folder, 0700), ==, 0);
  fixture_open(self);
}

FIXTURE_TEST(test_folder_of_another)
{
  if (geteuid() != 0)
    {
      g_test_skip("needs root to give a folder away");
      return;
    }
  g_assert_cmpint(g_mkdir(self->folder, 0700), ==, 0);
  g_assert_cmpint(chown(self->folder, NOBODY, NOBODY), ==, 0);
  _expect_unsafe(self, "another user");
}

FIXTURE_TEST(test_folder_is_a_link)
{
  g_autofree gchar *real = g_build_filename(self->parent, "real", NULL);
  g_autofree gchar *slashed = g_strconcat(self->folder, "/", NULL);

  g_assert_cmpint(g_mkdir(real, 0700), ==, 0);
  g_assert_cmpint(symlink(real, self->folder), ==, 0);
  _expect_unsafe(self, "link");
  _expect_refused(self, slashed, CD_SPOOL_ERROR_UNSAFE, "link");
}

FIXTURE_TEST(test_folder_is_a_file)
{
  GError *error = NULL;

  g_assert_true(g_file_set_contents(self->folder, "x", 1, NULL));
  g_assert_null(cd_spool_open(&self->options, &error));
  g_assert_nonnull(error);
  g_clear_error(&error);
}

FIXTURE_TEST(test_folder_cannot_be_made)
{
  GError *error = NULL;

  self->options.folder = "/proc/no-such-place/spool";
  g_assert_null(cd_spool_open(&self->options, &error));
  g_assert_error(error, G_FILE_ERROR, G_FILE_ERROR_NOENT);
  g_assert_nonnull(strstr(error->message, "/proc/no-such-place/spool"));
  g_clear_error(&error);
}

/* --- files ------------------------------------------------------------------------------------ */

typedef void (*Attack)(const gchar *path);

static void
_put_link(const gchar *path)
{
  g_assert_cmpint(symlink("/etc/passwd", path), ==, 0);
}

static void
_put_dangling_link(const gchar *path)
{
  g_assert_cmpint(symlink("/tmp/no-such-file-of-the-spool", path), ==, 0);
}

static void
_put_folder(const gchar *path)
{
  g_assert_cmpint(g_mkdir(path, 0700), ==, 0);
}

static void
_put_pipe(const gchar *path)
{
  g_assert_cmpint(mkfifo(path, 0600), ==, 0);
}

static void
_put_socket(const gchar *path)
{
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  int fd = socket(AF_UNIX, SOCK_STREAM, 0);

  g_strlcpy(address.sun_path, path, sizeof(address.sun_path));
  g_assert_cmpint(bind(fd, (struct sockaddr *) &address, sizeof(address)), ==, 0);
  g_assert_cmpint(g_chmod(path, 0600), ==, 0);
  close(fd);
}

static void
_put_open_file(const gchar *path)
{
  g_assert_true(g_file_set_contents(path, "x", 1, NULL));
  g_assert_cmpint(g_chmod(path, 0644), ==, 0);
}

static void
_put_file_of_another(const gchar *path)
{
  g_assert_true(g_file_set_contents(path, "x", 1, NULL));
  g_assert_cmpint(g_chmod(path, 0600), ==, 0);
  g_assert_cmpint(chown(path, NOBODY, NOBODY), ==, 0);
}

static const struct
{
  Attack attack;
  gboolean needs_root;
} attacks[] = {
  { _put_link },
  { _put_dangling_link },
  { _put_folder },
  { _put_pipe },
  { _put_socket },
  { _put_open_file },
  { _put_file_of_another, TRUE },
};

static const gchar *const names[] = { "lock", "cursors", "segment-0000000000000000" };

FIXTURE_TEST(test_attacked_files)
{
  for (guint i = 0; i < G_N_ELEMENTS(attacks); i++)
    for (guint k = 0; k < G_N_ELEMENTS(names); k++)
      {
        g_autofree gchar *path = fixture_path(self, names[k]);

        if (attacks[i].needs_root && geteuid() != 0)
          continue;
        _fill(self);
        g_unlink(path);
        attacks[i].attack(path);
        _expect_unsafe(self, names[k]);
        fixture_remove_folder(self->folder);
      }
}

/* Put there while the spool is open: it goes on in memory and writes to nothing else. */
FIXTURE_TEST(test_link_in_the_place_of_the_next_segment)
{
  g_autofree gchar *next = g_strdup_printf("segment-%016x", FIXTURE_PER_SEGMENT);
  g_autofree gchar *path = fixture_path(self, next);
  g_autofree gchar *victim = g_build_filename(self->parent, "victim", NULL);
  g_autofree gchar *content = NULL;

  g_assert_true(g_file_set_contents(victim, "untouched", -1, NULL));
  g_assert_cmpint(g_chmod(victim, 0600), ==, 0);
  fixture_open(self);
  fixture_append(self, 1);
  g_assert_cmpint(symlink(victim, path), ==, 0);
  fixture_append(self, FIXTURE_PER_SEGMENT);
  g_assert_cmpuint(self->n_troubles, ==, 1);
  g_assert_error(self->trouble, CD_SPOOL_ERROR, CD_SPOOL_ERROR_UNSAFE);
  fixture_expect(fixture_cursor(self, "a"), 1, self->appended);
  g_assert_true(g_file_get_contents(victim, &content, NULL, NULL));
  g_assert_cmpstr(content, ==, "untouched");
}

FIXTURE_TEST(test_foreign_names_are_left_alone)
{
  static const gchar *const foreign[] = {
    "segment-",
    "segment-1",
    "segments",
    "segment-00000000000000000",
    "segment-g000000000000000",
    "segment-ffffffffffffffff",
    "segment-000000000000000A",
    "README",
  };

  _fill(self);
  for (guint i = 0; i < G_N_ELEMENTS(foreign); i++)
    {
      g_autofree gchar *path = fixture_path(self, foreign[i]);
      g_assert_true(g_file_set_contents(path, "x", 1, NULL));
    }
  fixture_open(self);
  fixture_take(fixture_cursor(self, "a"), 1, self->appended);
  fixture_close(self);
  for (guint i = 0; i < G_N_ELEMENTS(foreign); i++)
    {
      g_autofree gchar *path = fixture_path(self, foreign[i]);
      g_assert_true(g_file_test(path, G_FILE_TEST_EXISTS));
    }
}

/* --- two at a time ---------------------------------------------------------------------------- */

FIXTURE_TEST(test_second_spool)
{
  fixture_open(self);
  _expect_refused(self, self->folder, CD_SPOOL_ERROR_LOCKED, "another process");
  fixture_append(self, 1);
  fixture_expect(fixture_cursor(self, "a"), 1, 1);
  fixture_close(self);
  fixture_open(self);
}

/* A child of ours has no part in it, and does not keep it locked. */
FIXTURE_TEST(test_child_inherits_nothing)
{
  gchar *argv[] = { (gchar *) "cat", NULL };
  GPid child;
  gint input;
  GError *error = NULL;

  fixture_open(self);
  fixture_append(self, 1);
  g_spawn_async_with_pipes(NULL, argv, NULL,
                           G_SPAWN_SEARCH_PATH | G_SPAWN_DO_NOT_REAP_CHILD
                             | G_SPAWN_LEAVE_DESCRIPTORS_OPEN,
                           NULL, NULL, &child, &input, NULL, NULL, &error);
  g_assert_no_error(error);
  fixture_close(self);
  fixture_open(self);
  close(input);
  waitpid(child, NULL, 0);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/spool-safety/modes", test_modes);
  g_test_add_func("/spool-safety/open-folder", test_open_folder);
  g_test_add_func("/spool-safety/folder-of-another", test_folder_of_another);
  g_test_add_func("/spool-safety/folder-is-a-link", test_folder_is_a_link);
  g_test_add_func("/spool-safety/folder-is-a-file", test_folder_is_a_file);
  g_test_add_func("/spool-safety/folder-cannot-be-made", test_folder_cannot_be_made);
  g_test_add_func("/spool-safety/attacked-files", test_attacked_files);
  g_test_add_func("/spool-safety/link-in-the-place-of-the-next-segment",
                  test_link_in_the_place_of_the_next_segment);
  g_test_add_func("/spool-safety/foreign-names-are-left-alone", test_foreign_names_are_left_alone);
  g_test_add_func("/spool-safety/second-spool", test_second_spool);
  g_test_add_func("/spool-safety/child-inherits-nothing", test_child_inherits_nothing);
  return g_test_run();
}
