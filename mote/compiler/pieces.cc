#include "mote/compiler/pieces.h"

#include <algorithm>

#include "mote/support/cat.h"

namespace mote::compiler {
namespace {

constexpr std::int64_t kStep = program::kAlignment;

std::size_t at(int i) { return static_cast<std::size_t>(i); }

/// A buffer in its host, in whole steps.
struct Guest {
  const ops::DraftBuffer* buffer;
  std::int64_t begin, end;
};

std::vector<std::int64_t> edges_of(const std::vector<Guest>& guests) {
  std::vector<std::int64_t> edges;
  for (const Guest& guest : guests) edges.push_back(guest.begin), edges.push_back(guest.end);
  std::sort(edges.begin(), edges.end());
  edges.erase(std::unique(edges.begin(), edges.end()), edges.end());
  return edges;
}

/// "a, b and 2 more".
std::string names_of(const std::vector<const ops::DraftBuffer*>& owners) {
  constexpr std::size_t kMost = 2;
  std::string names;
  for (std::size_t i = 0; i < std::min(owners.size(), kMost); ++i)
    names += cat(i > 0 ? ", " : "", owners[i]->name);
  return owners.size() <= kMost ? names : cat(names, " and ", owners.size() - kMost, " more");
}

/// One stretch between two edges.
struct Stretch {
  std::int64_t begin, end;
  int first_use, last_use;
  std::vector<const ops::DraftBuffer*> owners;
};

std::vector<Stretch> stretches_of(const std::vector<Guest>& guests) {
  const std::vector<std::int64_t> edges = edges_of(guests);
  std::vector<Stretch> list;
  for (std::size_t e = 0; e + 1 < edges.size(); ++e) {
    Stretch stretch{edges[e], edges[e + 1], 0, 0, {}};
    for (const Guest& guest : guests) {
      if (guest.begin > stretch.begin || guest.end < stretch.end) continue;
      const bool is_first = stretch.owners.empty();
      const ops::DraftBuffer& b = *guest.buffer;
      stretch.first_use = is_first ? b.first_use : std::min(stretch.first_use, b.first_use);
      stretch.last_use = is_first ? b.last_use : std::max(stretch.last_use, b.last_use);
      stretch.owners.push_back(&b);
    }
    if (stretch.owners.empty()) continue;
    Stretch* before = list.empty() ? nullptr : &list.back();
    if (before && before->end == stretch.begin && before->first_use == stretch.first_use &&
        before->last_use == stretch.last_use) {
      before->end = stretch.end;
      for (const auto* owner : stretch.owners)
        if (std::find(before->owners.begin(), before->owners.end(), owner) == before->owners.end())
          before->owners.push_back(owner);
    } else {
      list.push_back(std::move(stretch));
    }
  }
  return list;
}

void add_host(Pieces& pieces, std::size_t host, const std::vector<Guest>& guests,
              std::int64_t bytes) {
  for (const Stretch& stretch : stretches_of(guests)) {
    const auto index = static_cast<int>(pieces.buffers.size());
    plan::Buffer piece{.first_use = stretch.first_use,
                       .last_use = stretch.last_use,
                       .size = std::min(stretch.end, bytes) - stretch.begin,
                       .alignment = kStep};
    if (int& first = pieces.first_piece[host]; first < 0) {
      first = index;
      pieces.skips[host] = stretch.begin;
    } else {
      piece.tied_to = first;
      piece.tie_offset = stretch.begin - pieces.skips[host];
    }
    pieces.buffers.push_back(piece);
    pieces.hosts.push_back(static_cast<int>(host));
    pieces.begins.push_back(stretch.begin);
    pieces.names.push_back(names_of(stretch.owners));
  }
}

/// The pieces of a buffer, and where each begins in it.
struct Part {
  std::size_t piece;
  std::int64_t begin;
};
std::vector<Part> parts_of(const ops::DraftOperand& operand, std::int64_t bytes,
                           const Pieces& pieces, const Sharing& sharing) {
  std::vector<Part> parts;
  const auto [host, offset] = sharing.places[at(operand.buffer)];
  const std::int64_t begin = offset + operand.operand.offset;
  for (std::size_t p = 0; p < pieces.buffers.size(); ++p)
    if (pieces.hosts[p] == host && pieces.begins[p] < begin + bytes &&
        pieces.begins[p] + pieces.buffers[p].size > begin)
      parts.push_back({p, pieces.begins[p] - begin});
  return parts;
}

std::int64_t bytes_of(const ops::DraftOperand& operand) {
  return std::int64_t{volume(operand.operand.shape)} * size_of(operand.operand.type);
}

}  // namespace

std::vector<plan::Overlap> overlaps_of(std::span<const ops::DraftCall> setup_calls,
                                       std::span<const ops::DraftCall> calls, const Pieces& pieces,
                                       const Sharing& sharing) {
  std::vector<plan::Overlap> overlaps;
  int when = static_cast<int>(setup_calls.size());
  for (const ops::DraftCall& call : calls) {
    const int now = when++;
    const ops::DraftOperand &in = call.operands.front(), &out = call.operands.back();
    if (!call.lead || in.buffer < 0 || out.buffer < 0) continue;
    for (const Part& reader : parts_of(in, bytes_of(in), pieces, sharing))
      for (const Part& writer : parts_of(out, bytes_of(out), pieces, sharing))
        if (pieces.buffers[reader.piece].last_use == now &&
            pieces.buffers[writer.piece].first_use == now)
          overlaps.push_back({.writer = writer.piece,
                              .reader = reader.piece,
                              .lead = *call.lead + reader.begin - writer.begin});
  }
  return overlaps;
}

Pieces cut_to_pieces(std::span<const ops::DraftBuffer> buffers, const Sharing& sharing) {
  std::vector<std::vector<Guest>> guests(buffers.size());
  for (std::size_t b = 0; b < buffers.size(); ++b) {
    if (buffers[b].first_use < 0 || buffers[b].bytes == 0) continue;
    const auto [host, offset] = sharing.places[b];
    guests[at(host)].push_back({&buffers[b], offset / kStep * kStep,
                                (offset + buffers[b].bytes + kStep - 1) / kStep * kStep});
  }
  Pieces pieces;
  pieces.first_piece.assign(buffers.size(), -1);
  pieces.skips.assign(buffers.size(), 0);
  for (std::size_t h = 0; h < buffers.size(); ++h) add_host(pieces, h, guests[h], buffers[h].bytes);
  return pieces;
}

}  // namespace mote::compiler
