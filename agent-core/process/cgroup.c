/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "process/cgroup.h"

#include <stdlib.h>
#include <string.h>

struct _CdCgroup
{
  gchar *files[2]; /* the one that is there counts */
};

typedef struct _Kind
{
  const gchar *file_system;
  const gchar *controller; /* NULL: there is but one hierarchy */
  const gchar *file;
} Kind;

/* The new one first: where both are mounted, it has the file only if the controller is there. */
static const Kind kinds[] = {
  { "cgroup2", NULL, "memory.events" },
  { "cgroup", "memory", "memory.oom_control" },
};

G_STATIC_ASSERT(G_N_ELEMENTS(kinds) == G_N_ELEMENTS(((CdCgroup *) 0)->files));

static gchar **
_read_lines(const gchar *root, const gchar *path)
{
  g_autofree gchar *full = g_strconcat(root, path, NULL);
  g_autofree gchar *text = NULL;

  if (!g_file_get_contents(full, &text, NULL, NULL))
    return g_new0(gchar *, 1);
  return g_strsplit(text, "\n", -1);
}

static gboolean
_is_in_list(const gchar *list, const gchar *word)
{
  g_auto(GStrv) words = g_strsplit(list, ",", -1);

  return g_strv_contains((const gchar *const *) words, word);
}

/* A line is `NUMBER:CONTROLLERS:PATH`; version 2's has the number 0 and no controllers. */
static const gchar *
_get_path(const gchar *line, const Kind *kind)
{
  g_auto(GStrv) parts = g_strsplit(line, ":", 3);

  if (g_strv_length(parts) < 3)
    return NULL;
  if (kind->controller ? !_is_in_list(parts[1], kind->controller) : *parts[1] != '\0')
    return NULL;
  return line + strlen(parts[0]) + strlen(parts[1]) + 2;
}

/* In a line of mountinfo(5), the file system's type and options stand behind a lone hyphen. */
static gboolean
_is_mount_of(gchar **words, const Kind *kind)
{
  guint at = 6;

  if (g_strv_length(words) < at)
    return FALSE;
  while (words[at] && strcmp(words[at], "-") != 0)
    at++;
  if (!words[at] || g_strv_length(words) < at + 4)
    return FALSE;
  return strcmp(words[at + 1], kind->file_system) == 0
         && (!kind->controller || _is_in_list(words[at + 3], kind->controller));
}

/* What of @path is below the folder @top, which is what a container may have mounted. */
static const gchar *
_get_below(const gchar *path, const gchar *top)
{
  gsize length = strlen(top);

  if (strcmp(top, "/") == 0 || strncmp(path, top, length) != 0)
    return path;
  return path[length] == '\0' || path[length] == '/' ? path + length : path;
}

static gchar *
_find_file(const gchar *root, const gchar *path, const Kind *kind)
{
  g_auto(GStrv) mounts = _read_lines(root, "/proc/self/mountinfo");

  for (gchar **mount = mounts; *mount; mount++)
    {
      g_auto(GStrv) words = g_strsplit(*mount, " ", -1);

      if (_is_mount_of(words, kind))
        return g_strconcat(root, words[4], "/", _get_below(path, words[3]), "/", kind->file, NULL);
    }
  return NULL;
}

CdCgroup *
cd_cgroup_new(const gchar *root)
{
  CdCgroup *self = g_new0(CdCgroup, 1);
  g_auto(GStrv) lines = _read_lines(root, "/proc/self/cgroup");

  for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++)
    for (gchar **line = lines; *line && !self->files[i]; line++)
      {
        const gchar *path = _get_path(*line, &kinds[i]);

        if (path)
          self->files[i] = _find_file(root, path, &kinds[i]);
      }
  return self;
}

void
cd_cgroup_free(CdCgroup *self)
{
  if (!self)
    return;
  for (gsize i = 0; i < G_N_ELEMENTS(self->files); i++)
    g_free(self->files[i]);
  g_free(self);
}

static gboolean
_read_count(const gchar *path, guint64 *count)
{
  g_auto(GStrv) lines = path ? _read_lines("", path) : g_new0(gchar *, 1);

  for (gchar **line = lines; *line; line++)
    if (g_str_has_prefix(*line, "oom_kill "))
      {
        *count = g_ascii_strtoull(*line + strlen("oom_kill "), NULL, 10);
        return TRUE;
      }
  return FALSE;
}

gboolean
cd_cgroup_count_kills(const CdCgroup *self, guint64 *count)
{
  return _read_count(self->files[0], count) || _read_count(self->files[1], count);
}
