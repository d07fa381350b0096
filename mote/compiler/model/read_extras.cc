#include <algorithm>
#include <utility>

#include "mote/compiler/model/file_parts.h"
#include "mote/compiler/model/printable.h"
#include "mote/compiler/model/schema.h"
#include "mote/compiler/model/tflite.h"
#include "mote/support/cat.h"

namespace mote::model {
namespace {

using graph::Extras;
using graph::Graph;
using graph::Model;

Result<void> read_metadata(FlatFile& file, const FlatTable& root, Extras& extras) {
  namespace slot = schema::metadata;
  const auto buffers = read_buffers(file, root);
  MOTE_TRY(buffers);
  file.enter("the model");
  const FlatTables entries = root.tables(schema::model::kMetadata);
  for (int i = 0; i < entries.size(); ++i) {
    const FlatTable table = entries[i];
    file.enter(cat("metadata ", i));
    const auto buffer = table.scalar<std::uint32_t>(slot::kBuffer);
    graph::Metadata entry{.name = printable(table.text(slot::kName))};
    MOTE_TRY(intact(file));
    if (buffer < buffers->size()) entry.data = (*buffers)[buffer];
    extras.metadata.push_back(std::move(entry));
  }
  return intact(file);
}

/// Ports by their place in the graph's list; those that are none of them are left out.
std::vector<graph::Signature::Port> ports_of(const FlatTables& maps, const std::vector<int>& list) {
  std::vector<graph::Signature::Port> ports;
  for (int i = 0; i < maps.size(); ++i) {
    const FlatTable table = maps[i];
    const auto tensor = table.scalar<std::uint32_t>(schema::tensor_map::kTensor);
    const auto found = std::find(list.begin(), list.end(), static_cast<int>(tensor));
    if (found != list.end())
      ports.push_back({.name = printable(table.text(schema::tensor_map::kName)),
                       .place = static_cast<int>(found - list.begin())});
  }
  return ports;
}

Result<void> read_signatures(FlatFile& file, const FlatTable& root, const Model& model,
                             Extras& extras) {
  namespace slot = schema::signature_def;
  file.enter("the model");
  const FlatTables entries = root.tables(schema::model::kSignatureDefs);
  for (int i = 0; i < entries.size(); ++i) {
    const FlatTable table = entries[i];
    file.enter(cat("signature ", i));
    const auto subgraph = table.scalar<std::uint32_t>(slot::kSubgraph);
    graph::Signature entry{.key = printable(table.text(slot::kKey)),
                           .graph = static_cast<int>(subgraph)};
    MOTE_TRY(intact(file));
    if (subgraph >= model.graphs.size()) continue;  // it is of no use, and does no harm
    const Graph& graph = model.graphs[subgraph];
    entry.inputs = ports_of(table.tables(slot::kInputs), graph.inputs);
    entry.outputs = ports_of(table.tables(slot::kOutputs), graph.outputs);
    MOTE_TRY(intact(file));
    extras.signatures.push_back(std::move(entry));
  }
  return intact(file);
}

Result<void> read_extras(std::span<const std::byte> bytes, Model& model) {
  FlatFile file(bytes);
  const auto root = open_model(file);
  MOTE_TRY(root);
  Extras extras;
  MOTE_TRY(read_metadata(file, *root, extras));
  MOTE_TRY(read_signatures(file, *root, model, extras));
  model.extras = std::make_shared<const Extras>(std::move(extras));
  return {};
}

}  // namespace

Result<Model> read_tflite_with_extras(std::shared_ptr<const std::vector<std::byte>> bytes,
                                      const std::string& source) {
  auto model = read_tflite(bytes, source);
  MOTE_TRY(model);
  const auto read = read_extras(*bytes, *model);
  if (!read) return fail(read.error().code, cat(source, ": ", read.error().message));
  return model;
}

}  // namespace mote::model
