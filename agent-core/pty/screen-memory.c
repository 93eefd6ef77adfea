/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pty/screen-memory.h"

#include <errno.h>
#include <stddef.h>
#include <sys/mman.h>

/* Blocks from this size on have pages of their own. */
#define OWN_PAGES_MIN (16 * 1024)

/* In front of each block. */
typedef union _Head
{
  gsize size;
  max_align_t alignment;
} Head;

static void *
_allocate(size_t length, void *data)
{
  gsize size = length + sizeof(Head);
  Head *head;

  if (size < OWN_PAGES_MIN)
    head = g_malloc0(size);
  else
    head = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (head == MAP_FAILED)
    g_error("no memory for a screen: %s", g_strerror(errno));
  head->size = size;
  return head + 1;
}

static void
_release(void *block, void *data)
{
  Head *head = block ? (Head *) block - 1 : NULL;

  if (head && head->size >= OWN_PAGES_MIN)
    munmap(head, head->size);
  else
    g_free(head);
}

VTerm *
cd_screen_memory_new_vterm(gint rows, gint columns)
{
  static VTermAllocatorFunctions functions = { .malloc = _allocate, .free = _release };

  return vterm_new_with_allocator(rows, columns, &functions, NULL);
}
