/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "child-fixture.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/stat.h>

#define V2_MOUNT "30 24 0:26 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate\n"
#define V1_MOUNT "35 31 0:32 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory\n"
#define HYBRID_MOUNT "36 31 0:33 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw\n"
#define OTHER_MOUNTS                                                                               \
  "24 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw\n"                                        \
  "37 31 0:34 / /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu\n"                                    \
  "broken\n"                                                                                       \
  "1 2 3:4 / / rw no-separator at all\n"                                                           \
  "1 2 3:4 / / rw - cut\n"

/* Files below a folder of its own that stands for the root. */
typedef struct _Tree
{
  gchar *root;
} Tree;

static void
_set_up(Tree *self, gconstpointer data)
{
  self->root = g_dir_make_tmp("cd-cgroup-XXXXXX", NULL);
}

static void
_remove(const gchar *path)
{
  g_autoptr(GDir) folder = g_dir_open(path, 0, NULL);
  const gchar *name;

  while (folder && (name = g_dir_read_name(folder)))
    {
      g_autofree gchar *below = g_build_filename(path, name, NULL);

      _remove(below);
    }
  g_assert_cmpint(g_remove(path), ==, 0);
}

static void
_tear_down(Tree *self, gconstpointer data)
{
  _remove(self->root);
  g_free(self->root);
}

static void
_write(Tree *self, const gchar *path, const gchar *text)
{
  g_autofree gchar *full = g_strconcat(self->root, path, NULL);
  g_autofree gchar *folder = g_path_get_dirname(full);

  g_assert_cmpint(g_mkdir_with_parents(folder, 0700), ==, 0);
  g_assert_true(g_file_set_contents(full, text, -1, NULL));
}

static void
_assert_count(Tree *self, gint64 expected)
{
  g_autoptr(CdCgroup) cgroup = cd_cgroup_new(self->root);
  guint64 count = 0;
  gboolean is_known = cd_cgroup_count_kills(cgroup, &count);

  g_assert_cmpint(is_known ? (gint64) count : -1, ==, expected);
}

static void
test_version_2_counts(Tree *self, gconstpointer data)
{
  _write(self, "/proc/self/mountinfo", OTHER_MOUNTS V2_MOUNT);
  _write(self, "/proc/self/cgroup", "0::/system.slice/a:b.service\n");
  _write(self, "/sys/fs/cgroup/system.slice/a:b.service/memory.events",
         "low 0\nhigh 1\nmax 2\noom 3\noom_kill 4\noom_group_kill 5\n");
  _assert_count(self, 4);
}

static void
test_version_1_counts(Tree *self, gconstpointer data)
{
  _write(self, "/proc/self/mountinfo", OTHER_MOUNTS V1_MOUNT);
  _write(self, "/proc/self/cgroup", "5:devices:/x\n4:hugetlb,memory:/a\nbroken\n");
  _write(self, "/sys/fs/cgroup/memory/a/memory.oom_control",
         "oom_kill_disable 0\nunder_oom 0\noom_kill 7\n");
  _assert_count(self, 7);
}

static void
test_of_both_the_one_with_memory_counts(Tree *self, gconstpointer data)
{
  _write(self, "/proc/self/mountinfo", V1_MOUNT HYBRID_MOUNT);
  _write(self, "/proc/self/cgroup", "4:memory:/a\n0::/b\n");
  _write(self, "/sys/fs/cgroup/memory/a/memory.oom_control", "oom_kill 2\n");
  _assert_count(self, 2);
  _write(self, "/sys/fs/cgroup/unified/b/memory.events", "oom_kill 3\n");
  _assert_count(self, 3);
}

/* A container sees its own group as the top of the mount, and the whole path beside it. */
static void
test_what_a_container_has_mounted_is_the_top(Tree *self, gconstpointer data)
{
  _write(self, "/proc/self/mountinfo",
         "35 31 0:32 /docker/x /sys/fs/cgroup/memory ro - cgroup cgroup rw,memory\n");
  _write(self, "/proc/self/cgroup", "4:memory:/docker/x/below\n");
  _write(self, "/sys/fs/cgroup/memory/below/memory.oom_control", "oom_kill 9\n");
  _assert_count(self, 9);
  _write(self, "/proc/self/cgroup", "4:memory:/docker/xy\n");
  _write(self, "/sys/fs/cgroup/memory/docker/xy/memory.oom_control", "oom_kill 10\n");
  _assert_count(self, 10);
}

static void
test_where_nothing_tells_nothing_is_known(Tree *self, gconstpointer data)
{
  _assert_count(self, -1);
  _write(self, "/proc/self/cgroup", "0::/\n");
  _assert_count(self, -1);
  _write(self, "/proc/self/mountinfo", V2_MOUNT);
  _assert_count(self, -1);
  _write(self, "/sys/fs/cgroup/memory.events", "oom 1\n");
  _assert_count(self, -1);
}

/* A child in a group of which we tell what we like. */
static void
_run_beside(const gchar *before, const gchar *script, const gchar *after, CdChildEnd *end)
{
  Tree tree;
  Fixture child;

  _set_up(&tree, NULL);
  _write(&tree, "/proc/self/mountinfo", V2_MOUNT);
  _write(&tree, "/proc/self/cgroup", "0::/\n");
  _write(&tree, "/sys/fs/cgroup/memory.events", before);
  fixture_set_up(&child, NULL);
  child.cgroup = cd_cgroup_new(tree.root);
  fixture_start_script(&child, script);
  _write(&tree, "/sys/fs/cgroup/memory.events", after);
  fixture_type(&child, "\n");
  fixture_wait_for_end(&child);
  *end = child.end;
  fixture_tear_down(&child, NULL);
  _tear_down(&tree, NULL);
}

static void
test_a_kill_while_memory_ran_out(void)
{
  CdEvidence evidence = { 0 };
  CdChildEnd end;

  _run_beside("oom_kill 1\n", "read x; kill -s KILL $$", "oom_kill 2\n", &end);
  g_assert_cmpint(end.signal_number, ==, SIGKILL);
  g_assert_true(end.out_of_memory);
  g_assert_true(end.is_cgroup_shared);
  g_assert_true(cd_text_is(cd_child_end_get_note(&end), "cgroup shared"));
  cd_child_end_write(&end, &evidence);
  g_assert_true(evidence.out_of_memory);
}

static void
test_a_shell_whose_program_was_killed(void)
{
  CdChildEnd end;

  _run_beside("oom_kill 1\n", "read x; exit 137", "oom_kill 2\n", &end);
  g_assert_true(end.out_of_memory);
}

static void
test_a_kill_with_memory_to_spare(void)
{
  CdChildEnd end;

  _run_beside("oom_kill 1\n", "read x; kill -s KILL $$", "oom_kill 1\n", &end);
  g_assert_false(end.out_of_memory);
  g_assert_true(cd_text_is_empty(cd_child_end_get_note(&end)));
}

static void
test_an_end_of_another_kind_has_nothing_to_do_with_memory(void)
{
  static const gchar *const scripts[] = {
    "read x; exit 0",
    "read x; exit 1",
    "read x; kill -s TERM $$",
    "read x; kill -s SEGV $$",
  };

  for (gsize i = 0; i < G_N_ELEMENTS(scripts); i++)
    {
      CdChildEnd end;

      _run_beside("oom_kill 1\n", scripts[i], "oom_kill 2\n", &end);
      g_assert_false(end.out_of_memory);
    }
}

static void
test_a_kill_of_ours_has_nothing_to_do_with_memory(void)
{
  Tree tree;
  Fixture child;

  _set_up(&tree, NULL);
  _write(&tree, "/proc/self/mountinfo", V2_MOUNT);
  _write(&tree, "/proc/self/cgroup", "0::/\n");
  _write(&tree, "/sys/fs/cgroup/memory.events", "oom_kill 1\n");
  fixture_set_up(&child, NULL);
  child.cgroup = cd_cgroup_new(tree.root);
  fixture_start_script(&child, "trap '' HUP; echo ready; sleep 1000");
  fixture_wait_for_text(&child, "ready");
  _write(&tree, "/sys/fs/cgroup/memory.events", "oom_kill 2\n");
  cd_child_stop(child.child, 0);
  fixture_wait_for_end(&child);
  g_assert_cmpint(child.end.signal_number, ==, SIGKILL);
  g_assert_true(child.end.is_ours);
  g_assert_false(child.end.out_of_memory);
  fixture_tear_down(&child, NULL);
  _tear_down(&tree, NULL);
}

/* Groups of this machine in which memory can be limited: the file that limits it. */
static const gchar *const real_places[][2] = {
  { "/sys/fs/cgroup/memory", "memory.limit_in_bytes" },
  { "/sys/fs/cgroup", "memory.max" },
};

static gchar *
_make_real_group(void)
{
  for (gsize i = 0; i < G_N_ELEMENTS(real_places); i++)
    {
      g_autofree gchar *group = g_strdup_printf("%s/cd-test-%d", real_places[i][0],
                                                (gint) getpid());
      g_autofree gchar *limit = g_build_filename(group, real_places[i][1], NULL);
      gint fd = g_mkdir(group, 0755) == 0 ? open(limit, O_WRONLY) : -1;

      if (fd >= 0 && write(fd, "33554432", 8) == 8)
        {
          close(fd);
          return g_steal_pointer(&group);
        }
      if (fd >= 0)
        close(fd);
      g_rmdir(group);
    }
  return NULL;
}

static gboolean
_write_file(const gchar *folder, const gchar *name, const gchar *text)
{
  g_autofree gchar *path = g_build_filename(folder, name, NULL);
  gint fd = open(path, O_WRONLY);
  gboolean result = fd >= 0 && write(fd, text, strlen(text)) == (gssize) strlen(text);

  if (fd >= 0)
    close(fd);
  return result;
}

/* In a process of its own, which moves there. */
static void
_run_out_of_memory(const gchar *group)
{
  const gchar *const argv[] = { "sh", "-c", "read x; exec tail /dev/zero", NULL };
  Fixture child;

  if (!_write_file(group, "cgroup.procs", "0"))
    _exit(77);
  fixture_set_up(&child, NULL);
  fixture_start(&child, argv);
  fixture_type(&child, "\n");
  fixture_wait_for_end(&child);
  _exit(child.end.signal_number == SIGKILL && child.end.out_of_memory ? 0 : 1);
}

static void
test_the_kernels_own_killer_is_seen(void)
{
  g_autofree gchar *group = _make_real_group();
  gint status;
  GPid pid;

  if (!group)
    {
      g_test_skip("needs root and a control group with memory that can be written");
      return;
    }
  pid = fork();
  if (pid == 0)
    _run_out_of_memory(group);
  g_assert_cmpint(waitpid(pid, &status, 0), ==, pid);
  g_assert_cmpint(g_rmdir(group), ==, 0);
  if (WIFEXITED(status) && WEXITSTATUS(status) == 77)
    g_test_skip("the control group takes no process");
  else
    g_assert_cmpint(status, ==, 0);
}

#define ADD(path, test) g_test_add(path, Tree, NULL, _set_up, test, _tear_down)

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  ADD("/cgroup/version-2-counts", test_version_2_counts);
  ADD("/cgroup/version-1-counts", test_version_1_counts);
  ADD("/cgroup/of-both-the-one-with-memory-counts", test_of_both_the_one_with_memory_counts);
  ADD("/cgroup/what-a-container-has-mounted-is-the-top",
      test_what_a_container_has_mounted_is_the_top);
  ADD("/cgroup/where-nothing-tells-nothing-is-known", test_where_nothing_tells_nothing_is_known);
  g_test_add_func("/cgroup/a-kill-while-memory-ran-out", test_a_kill_while_memory_ran_out);
  g_test_add_func("/cgroup/a-shell-whose-program-was-killed",
                  test_a_shell_whose_program_was_killed);
  g_test_add_func("/cgroup/a-kill-with-memory-to-spare", test_a_kill_with_memory_to_spare);
  g_test_add_func("/cgroup/an-end-of-another-kind-has-nothing-to-do-with-memory",
                  test_an_end_of_another_kind_has_nothing_to_do_with_memory);
  g_test_add_func("/cgroup/a-kill-of-ours-has-nothing-to-do-with-memory",
                  test_a_kill_of_ours_has_nothing_to_do_with_memory);
  g_test_add_func("/cgroup/the-kernels-own-killer-is-seen", test_the_kernels_own_killer_is_seen);
  return g_test_run();
}
