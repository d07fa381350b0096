# What `cmake --install` adds to the tool: the libraries of all modules, their headers, and the
# package by which find_package(mote) finds them.
include(CMakePackageConfigHelpers)

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/mote)
get_property(modules GLOBAL PROPERTY MOTE_MODULES)
install(TARGETS ${modules} EXPORT mote FILE_SET headers FILE_SET other_cpus)
install(EXPORT mote NAMESPACE mote:: FILE moteTargets.cmake DESTINATION ${package_dir})
configure_package_config_file(
  ${PROJECT_SOURCE_DIR}/cmake/moteConfig.cmake.in ${PROJECT_BINARY_DIR}/moteConfig.cmake
  INSTALL_DESTINATION ${package_dir} NO_SET_AND_CHECK_MACRO)
write_basic_package_version_file(
  ${PROJECT_BINARY_DIR}/moteConfigVersion.cmake COMPATIBILITY SameMinorVersion ARCH_INDEPENDENT)
if(TARGET mote)
  install(EXPORT mote_tool NAMESPACE mote:: FILE moteToolTargets.cmake DESTINATION ${package_dir})
endif()
install(FILES ${PROJECT_BINARY_DIR}/moteConfig.cmake ${PROJECT_BINARY_DIR}/moteConfigVersion.cmake
              ${PROJECT_SOURCE_DIR}/cmake/MoteModel.cmake
        DESTINATION ${package_dir})
install(FILES LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})
