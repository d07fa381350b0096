# shellcheck shell=bash disable=SC2034
# Sourced: the published networks that are measured on boards, as files of ../shared/models.
published=(kws_ref_model.tflite vww_96_int8.tflite pretrainedResnet_quant.tflite ad01_int8.tflite
  str_ww_ref_model.tflite micro_speech_quantized.tflite)
