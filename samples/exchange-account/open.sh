#!/bin/sh
# The same with azure-cli: open.sh ACCOUNT PARTNER, an object id. Prints the container's URL.
set -eu
group="exchange-$1"
az group create --name "$group" --location westeurope --output none
az storage account create --name "$1" --resource-group "$group" --sku Standard_LRS \
  --allow-shared-key-access false --allow-blob-public-access false --output none
az storage container-rm create --name exchange --storage-account "$1" --resource-group "$group" --output none
account=$(az storage account show --name "$1" --resource-group "$group" --query id --output tsv)
az role assignment create --role "Storage Blob Data Contributor" --assignee-object-id "$2" \
  --assignee-principal-type User --scope "$account/blobServices/default/containers/exchange" --output none
az storage account show --name "$1" --resource-group "$group" --query primaryEndpoints.blob --output tsv |
  sed 's/$/exchange/'
