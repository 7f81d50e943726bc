// SPDX-License-Identifier: MIT
// Where the host puts what it hands over: a region for each purpose, taken once and kept.

let next: usize = __heap_base

/** The address of `bytes` zero bytes, a multiple of 8. Growing the memory detaches the host's views of it. */
export function allocate(bytes: usize): usize {
  const at = (next + 7) & ~7
  next = at + bytes
  const missing = i32((next + 0xffff) >> 16) - memory.size()
  if (missing > 0 && memory.grow(missing) < 0) unreachable()
  return at
}
