# mote_add_model(NAME kws MODEL kws.tflite [TARGET cortex-m4] [OPTIMIZE size] [SHAPES dynamic]
#                [STREAM axis[,hop]] [NAMESPACE product::kws] [ARENA bytes] [READ_ROWS] [SELF_TEST])
#
# Compiles a model to C++ when the project is built, and anew when the model or mote changes: the static
# library NAME, whose users include "NAME.h". It needs nothing of mote but what is written beside it, so
# that projects for microcontrollers can use it with a mote that runs on the machine that builds. The
# processor's flags are the toolchain file's; OPTIMIZE and the rest are as `mote compile --help` has
# them.
function(mote_add_model)
  cmake_parse_arguments(PARSE_ARGV 0 arg "READ_ROWS;SELF_TEST"
                        "NAME;MODEL;TARGET;OPTIMIZE;SHAPES;STREAM;NAMESPACE;ARENA" "")
  if(arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "mote_add_model: unknown arguments: ${arg_UNPARSED_ARGUMENTS}")
  endif()
  if(NOT arg_NAME OR NOT arg_MODEL)
    message(FATAL_ERROR "mote_add_model needs NAME and MODEL")
  endif()
  if(NOT arg_TARGET)
    set(arg_TARGET host)
  endif()
  cmake_path(ABSOLUTE_PATH arg_MODEL BASE_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR})
  set(dir ${CMAKE_CURRENT_BINARY_DIR}/${arg_NAME})
  set(flags --target=${arg_TARGET} --name=${arg_NAME} --output=${dir} --headers)
  foreach(option IN ITEMS OPTIMIZE SHAPES STREAM NAMESPACE ARENA)
    if(arg_${option})
      string(TOLOWER ${option} flag)
      list(APPEND flags --${flag}=${arg_${option}})
    endif()
  endforeach()
  if(arg_READ_ROWS)
    list(APPEND flags --read-rows)
  endif()
  if(arg_SELF_TEST)
    list(APPEND flags --self-test)
  endif()
  if(TARGET mote::tool)
    set(tool mote::tool)
  else()
    set(tool mote) # within mote's own build
  endif()
  add_custom_command(
    OUTPUT ${dir}/${arg_NAME}.cc ${dir}/${arg_NAME}.h
    COMMAND ${tool} compile ${arg_MODEL} ${flags}
    DEPENDS ${arg_MODEL} ${tool}
    COMMENT "Compiling ${arg_MODEL} for ${arg_TARGET}"
    VERBATIM)
  add_library(${arg_NAME} STATIC ${dir}/${arg_NAME}.cc ${dir}/${arg_NAME}.h)
  target_include_directories(${arg_NAME} PUBLIC ${dir})
  target_compile_features(${arg_NAME} PUBLIC cxx_std_20)
  # What GCC is to be told on every machine: see kFlags in mote/compiler/emit/emit.h.
  target_compile_options(${arg_NAME} PRIVATE -fno-exceptions -fno-rtti -fwrapv -ffp-contract=off
                                             -O2)
endfunction()
